using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace NeuroCred.AppHost;

/// <summary>How the API key is given to a command in a shell: by where it is, unless it was asked for in clear.</summary>
/// <param name="Header">The header with the key, as one word for a POSIX shell.</param>
/// <param name="Remark">What must be said with it; empty if nothing.</param>
internal sealed record KeyInShell(string Header, string Remark)
{
    internal const string Parameter = "Parameters:apikey";
    private const string Variable = "Parameters__apikey";
    private const string Name = "X-API-Key: ";

    /// <summary>The key itself, which anybody who sees the console can then use.</summary>
    internal static KeyInShell InClear(string key) => new($"'{(Name + key).Replace("'", @"'\''", StringComparison.Ordinal)}'", "");

    /// <summary>A word that a shell turns into the key, as long as it stays where the AppHost found it.</summary>
    /// <param name="configuration">The AppHost's.</param>
    internal static KeyInShell ByReference(IConfiguration configuration)
    {
        var key = configuration[Parameter];
        if (key is not null && Environment.GetEnvironmentVariable(Variable) == key)
        {
            return new($"\"{Name}${Variable}\"", "");
        }

        // Not configured means generated, and kept in the user secrets.
        return key is null || FindSource(configuration) is JsonConfigurationProvider { Source.Path: "secrets.json" }
            ? new($"\"{Name}$(dotnet user-secrets list --project NeuroCred.AppHost | sed -n 's/^{Parameter} = //p')\"", "")
            : new($"\"{Name}$APIKEY\"", "Set APIKEY to the key that you gave as Parameters:apikey. ");
    }

    private static IConfigurationProvider? FindSource(IConfiguration configuration) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(Parameter, out _));
}
