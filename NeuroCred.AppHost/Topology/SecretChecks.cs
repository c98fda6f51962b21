using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace NeuroCred.AppHost;

/// <summary>Finds what makes a given key or password unusable. Said here, it is said once and before anything starts, and without any part of it.</summary>
internal static class SecretChecks
{
    private const int MinApiKeyLength = 8;

    /// <summary>What is wrong: a sentence each, naming the key, the character's place and the fix.</summary>
    internal static IEnumerable<string> FindErrors(IConfiguration configuration)
        => [
            .. FindApiKeyErrors(configuration),
            // The image's password file ends at a line's end.
            .. FindPasswordErrors(configuration, "postgres-password", char.IsControl, "a control character"),
            // The driver's format has no way to write a comma, and the image hands the password to a shell unquoted.
            .. FindPasswordErrors(configuration, "redis-password", c => c == ',' || char.IsControl(c) || char.IsWhiteSpace(c), "a comma, a space or a control character"),
        ];

    private static IEnumerable<string> FindApiKeyErrors(IConfiguration configuration)
    {
        const string fix = "give at least 8 printable ASCII characters, with no space at either end, or nothing to have one generated.";
        if (configuration[KeyInShell.Parameter] is not { } key)
        {
            yield break;
        }

        var unusable = key.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (unusable < 0 && key.Trim() != key)
        {
            unusable = key[0] == ' ' ? 0 : key.Length - 1;
        }

        if (unusable >= 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{KeyInShell.Parameter} has a character at position {unusable + 1} that an HTTP header does not carry: {fix}");
        }
        else if (key.Length < MinApiKeyLength)
        {
            yield return $"{KeyInShell.Parameter} is too short: {fix}";
        }
    }

    private static IEnumerable<string> FindPasswordErrors(IConfiguration configuration, string parameter, Func<char, bool> isUnusable, string unusable)
    {
        // A shell has no variables with a dash, so the parameter is read with an underscore too.
        foreach (var key in new[] { $"Parameters:{parameter}", $"Parameters:{parameter.Replace('-', '_')}" })
        {
            var at = configuration[key]?.ToList().FindIndex(c => isUnusable(c)) ?? -1;
            if (at >= 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{key} has {unusable} at position {at + 1}, which does not reach the server: give another password, or nothing to have one generated.");
            }
        }
    }
}
