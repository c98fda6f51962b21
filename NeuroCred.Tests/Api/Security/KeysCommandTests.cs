using NeuroCred.Api.Security;

namespace NeuroCred.Tests.Api.Security;

/// <summary>What the verb keys says of a wrong command line, before it asks Postgres.</summary>
public class KeysCommandTests
{
    [Theory]
    [InlineData("--client", "create", "--scopes", "read")]
    [InlineData("--client is not a name", "create", "--client", "a b", "--scopes", "read")]
    [InlineData("--scopes", "create", "--client", "lender")]
    [InlineData("--scopes is not a list of scopes", "create", "--client", "lender", "--scopes", "read,admin")]
    [InlineData("--scopes is not a list of scopes", "create", "--client", "lender", "--scopes", "")]
    [InlineData("--overlap is not a duration", "rotate", "0123456789ab", "--overlap", "24")]
    [InlineData("--overlap is not a duration", "rotate", "0123456789ab", "--overlap", "400d")]
    [InlineData("delete", "delete", "0123456789ab")]
    [InlineData("Required command")]
    public async Task A_wrong_command_line_is_named_and_exits_with_2(string said, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await new KeysCommand(output, error).RunAsync(args, () => throw new InvalidOperationException("Postgres was asked."));

        Assert.Equal(2, code);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Without_Postgres_it_says_so_and_exits_with_1()
    {
        var (code, output, error) = await new KeysProgram("Host=127.0.0.1;Port=1;Username=x;Password=hunter2").RunAsync("list");

        Assert.Equal(1, code);
        Assert.StartsWith("Postgres did not carry it out: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }
}
