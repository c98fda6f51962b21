using Microsoft.Extensions.Primitives;
using NeuroCred.Api.Idempotency;

namespace NeuroCred.Tests.Api.Idempotency;

public class IdempotencyKeyTests
{
    [Theory]
    [InlineData("\"abc\"", "abc")]
    [InlineData("abc", "abc")]
    [InlineData("  \"abc\"\t", "abc")]
    [InlineData("\"with space, comma; and \\\"quotes\\\" \\\\\"", "with space, comma; and \"quotes\" \\")]
    [InlineData("\"abc\";v=1", "abc")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    public void A_key_is_a_structured_string_or_bare_text(string header, string expected)
    {
        Assert.True(IdempotencyKey.TryRead(header, out var key, out var error), error);
        Assert.Equal(expected, key);
    }

    [Theory]
    [InlineData("\"abc")]
    [InlineData("abc\"")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"a\\")]
    [InlineData("\"\"")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("\"ä\"")]
    [InlineData("\"a\u0001\"")]
    public void Anything_else_is_refused_with_a_reason(string header)
    {
        Assert.False(IdempotencyKey.TryRead(header, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_missing_key_is_refused()
    {
        Assert.False(IdempotencyKey.TryRead(StringValues.Empty, out _, out var error));
        Assert.StartsWith("is missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_are_refused()
    {
        Assert.False(IdempotencyKey.TryRead(new(["a", "b"]), out _, out var error));
        Assert.Contains("more than once", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_key_has_at_most_255_characters(int length, bool valid) =>
        Assert.Equal(valid, IdempotencyKey.TryRead($"\"{new string('k', length)}\"", out _, out _));
}
