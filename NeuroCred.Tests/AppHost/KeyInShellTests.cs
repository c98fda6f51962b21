using Microsoft.Extensions.Configuration;
using NeuroCred.AppHost;

namespace NeuroCred.Tests.AppHost;

/// <summary>What curl receives when the line on the console is pasted into bash.</summary>
[StartsProcesses]
public sealed class KeyInShellTests : IDisposable
{
    private const string Strange = "a'b\"c;d,e=f$HOME `g` \\h $(i) !j";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData(Strange)]
    public async Task The_key_in_clear_reaches_curl_as_it_is(string key) =>
        Assert.Equal($"X-API-Key: {key}", await PasteAsync(KeyInShell.InClear(key)));

    [Theory]
    [InlineData("0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData(Strange)]
    public async Task A_generated_key_reaches_curl_out_of_the_user_secrets(string key) =>
        Assert.Equal($"X-API-Key: {key}", await PasteAsync(KeyInShell.ByReference(new ConfigurationBuilder().Build()), ("KEY", key)));

    [Fact]
    public async Task A_key_that_was_kept_by_an_earlier_run_reaches_curl_out_of_the_user_secrets()
    {
        await File.WriteAllTextAsync(_folder.At("secrets.json"), """{"Parameters:apikey":"kept-by-a-run"}""", Cancellation);
        var configuration = new ConfigurationBuilder().SetBasePath(_folder.Path).AddJsonFile("secrets.json").Build();

        Assert.Equal("X-API-Key: kept-by-a-run", await PasteAsync(KeyInShell.ByReference(configuration), ("KEY", "kept-by-a-run")));
    }

    [Fact]
    public async Task A_key_that_was_given_by_a_variable_reaches_curl_out_of_that_variable()
    {
        var before = Environment.GetEnvironmentVariable("Parameters__apikey");
        Environment.SetEnvironmentVariable("Parameters__apikey", Strange);
        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();

            Assert.Equal($"X-API-Key: {Strange}", await PasteAsync(KeyInShell.ByReference(configuration), ("Parameters__apikey", Strange)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("Parameters__apikey", before);
        }
    }

    [Fact]
    public async Task A_key_that_was_given_as_an_argument_reaches_curl_out_of_a_variable_that_the_console_asks_for()
    {
        var key = KeyInShell.ByReference(new ConfigurationBuilder().AddCommandLine([$"--Parameters:apikey={Strange}"]).Build());

        Assert.StartsWith("Set APIKEY ", key.Remark, StringComparison.Ordinal);
        Assert.Equal($"X-API-Key: {Strange}", await PasteAsync(key, ("APIKEY", Strange)));
    }

    private static async Task<string> PasteAsync(KeyInShell key, params (string Name, string Value)[] environment)
    {
        // As `dotnet user-secrets list` prints them.
        const string stubs = """
            dotnet() { printf '%s\n' 'Parameters:redis-password = another' "Parameters:apikey = $KEY" 'Parameters:apikey2 = none'; }
            curl() { printf %s "$2"; }

            """;
        var set = environment.ToDictionary(v => v.Name, v => v.Value);
        return (await Tool.RunAsync("bash", "", set, "-c", $"{stubs}curl -H {key.Header} http://localhost")).Output;
    }
}
