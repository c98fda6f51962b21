using NeuroCred.AppHost;

namespace NeuroCred.Tests.AppHost;

public sealed class InheritedEnvironmentTests
{
    [Theory]
    [InlineData(null, "localhost,127.0.0.1,[::1],::1")]
    [InlineData("", "localhost,127.0.0.1,[::1],::1")]
    [InlineData("example.com, localhost", "example.com,localhost,127.0.0.1,[::1],::1")]
    public void Calls_to_this_machine_bypass_a_proxy_as_those_to_whom_a_user_has_named_do(string? given, string expected) =>
        Assert.Equal(expected, InheritedEnvironment.AddLoopback(given));
}
