using NeuroCred.Api.Security;

namespace NeuroCred.Tests.Api.Security;

public class ApiKeyTests
{
    [Theory]
    [InlineData("the-key", true)]
    [InlineData("the-keY", false)]
    [InlineData("the-key ", false)]
    [InlineData("the", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_key_itself_matches(string? given, bool matches) => Assert.Equal(matches, new ApiKey("the-key").Matches(given));

    [Fact]
    public void Another_key_is_another_client() =>
        Assert.NotEqual(new ApiKey("key-one").Client.IdempotencyScope, new ApiKey("key-two").Client.IdempotencyScope);
}
