using NeuroCred.Api.Security;

namespace NeuroCred.Tests.Api.Security;

/// <summary>What an operator does with the verb keys, and sees of it.</summary>
/// <param name="database">The Postgres of the replicas.</param>
internal sealed partial class KeysProgram(string database)
{
    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(),
            error = new();
        var code = await new KeysCommand(output, error).RunAsync(args, () => database);
        return (code, output.ToString(), error.ToString());
    }

    public Task<(string Id, string Key)> CreateAsync(string client, string scopes) =>
        NewKeyAsync("create", "--client", client, "--scopes", scopes);

    public Task<(string Id, string Key)> RotateAsync(string id, string overlap) => NewKeyAsync("rotate", id, "--overlap", overlap);

    public async Task RevokeAsync(string id) => Assert.Equal(0, (await RunAsync("revoke", id)).Code);

    private async Task<(string Id, string Key)> NewKeyAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.True(code == 0, error);
        var id = NewKey().Match(error);
        Assert.True(id.Success, error);
        return (id.Groups[1].Value, output.Trim());
    }

    [GeneratedRegex("The key ([0-9a-f]{12}) of the client .* shown this once")]
    private static partial Regex NewKey();
}
