using NeuroCred.Settings;

namespace NeuroCred.AppHost.Topology;

/// <summary>
/// Finds what makes a given key or password unusable. Said here, it is said once and before anything starts, and without any part of it.
/// </summary>
internal static class SecretChecks
{
    /// <summary>Reports what is wrong, naming the key, the character's place and the fix.</summary>
    internal static void Run(SettingsReader settings)
    {
        if (settings.Secret(KeyInShell.Parameter) is { } key && HeaderSecret.FindProblem(key) is { } problem)
        {
            settings.Report(KeyInShell.Parameter, $"{problem}: give {HeaderSecret.Expected}, or nothing to have one generated.");
        }

        // The image's password file ends at a line's end.
        CheckPassword(settings, "postgres-password", char.IsControl, "a control character");
        // The driver's format has no way to write a comma, and the image hands the password to a shell unquoted.
        CheckPassword(
            settings,
            "redis-password",
            c => c == ',' || char.IsControl(c) || char.IsWhiteSpace(c),
            "a comma, a space or a control character"
        );
    }

    private static void CheckPassword(SettingsReader settings, string parameter, Predicate<char> isUnusable, string unusable)
    {
        // A shell has no variables with a dash, so the parameter is read with an underscore too.
        foreach (var key in new[] { $"Parameters:{parameter}", $"Parameters:{parameter.Replace('-', '_')}" })
        {
            var at = settings.Secret(key)?.ToList().FindIndex(isUnusable) ?? -1;
            if (at >= 0)
            {
                settings.Report(
                    key,
                    $"has {unusable} at position {at + 1}, which does not reach the server: "
                        + "give another password, or nothing to have one generated."
                );
            }
        }
    }
}
