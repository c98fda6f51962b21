using NeuroCred.Api.Migrations;
using NeuroCred.Api.Security;
using NeuroCred.Api.Wallets;
using NeuroCred.Settings;

namespace NeuroCred.Api;

/// <summary>Something else than serving that the program does, and ends.</summary>
/// <param name="Name">The first word of the command line.</param>
/// <param name="Purpose">What it is for, to follow "to".</param>
/// <param name="RunAsync">Runs it with the words that follow, and answers the exit code.</param>
/// <param name="HasOptions">Whether it has options of its own: then no settings follow.</param>
internal sealed record Verb(
    string Name,
    string Purpose,
    Func<WebApplicationBuilder, SettingsReader, string[], Task<int>> RunAsync,
    bool HasOptions = false
)
{
    /// <summary>How many arguments are words of the verb; settings follow.</summary>
    public int CountWords(string[] arguments) =>
        HasOptions ? arguments.Length : arguments.TakeWhile(word => !word.StartsWith('-') && !word.Contains('=')).Count();
}

/// <summary>What the command line may begin with.</summary>
internal static class Verbs
{
    private static readonly Verb[] s_all =
    [
        new(MigrateCommand.Verb, "bring the schema up to date", MigrateCommand.RunAsync),
        new("aggregates", "compare wallets' daily activity with their transactions", AggregatesCommand.RunAsync),
        new(KeysCommand.Verb, "make, list, rotate and revoke API keys", KeysCommand.RunAsync, HasOptions: true),
    ];

    /// <summary>The verb with a name, or null.</summary>
    public static Verb? Find(string name) => Array.Find(s_all, verb => verb.Name == name);

    /// <summary>What to tell about a name that is none.</summary>
    public static string DescribeUnknown(string name) =>
        $"Unknown verb '{name}'. Use {string.Join(", ", s_all.Select(verb => $"'{verb.Name}' to {verb.Purpose}"))}, or no verb to serve.";
}
