using Microsoft.Extensions.Configuration;
using NeuroCred.Settings;

namespace NeuroCred.ServiceDefaults.Configuration;

/// <summary>
/// Settings from files, one each: what Compose, Swarm and Kubernetes make of a secret. A file's name is the setting's, with <c>__</c> for
/// <c>:</c> (<c>Api__Key</c>), and its content the value, without a line end behind it.
/// </summary>
public static class SecretFiles
{
    /// <summary><c>Secrets:Directory</c>: the folder with the files. Without it there are none.</summary>
    public const string DirectoryKey = "Secrets:Directory";

    /// <summary>Adds the files that <see cref="DirectoryKey"/> names. They win over whatever was added before.</summary>
    /// <param name="configuration">The configuration, which may name the folder.</param>
    /// <param name="settings">The settings, which get the errors: none has a secret in it.</param>
    public static void AddSecretFiles(this IConfigurationManager configuration, SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Text(DirectoryKey) is not { } directory)
        {
            return;
        }

        var errors = FindErrors(directory).ToList();
        settings.Report(errors);
        if (errors is [])
        {
            // A service that read a new password would still hold connections made with the old one: a restart changes both.
            configuration.AddKeyPerFile(directory, optional: false, reloadOnChange: false);
        }
    }

    private static IEnumerable<string> FindErrors(string directory)
    {
        if (!Path.IsPathFullyQualified(directory))
        {
            return [$"{DirectoryKey} is '{directory}'. Set it to an absolute path, such as /run/secrets."];
        }

        if (!Directory.Exists(directory))
        {
            return
            [
                $"{DirectoryKey} is '{directory}', which is no folder, or not visible to {Environment.UserName}. Mount the secrets "
                    + "there, or remove the setting.",
            ];
        }

        try
        {
            return [.. Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal).Select(FindError).OfType<string>()];
        }
        catch (UnauthorizedAccessException)
        {
            return [$"{DirectoryKey} is '{directory}', which {Environment.UserName} may not list. Give that user the right to."];
        }
    }

    private static string? FindError(string file)
    {
        try
        {
            File.OpenRead(file).Dispose();
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"{DirectoryKey}: {file} may not be read by {Environment.UserName}. Make it readable for that user, or for all "
                + "where nobody else can enter the folder.";
        }
        catch (IOException e)
        {
            return $"{DirectoryKey}: {file} cannot be read: {e.Message}";
        }
    }
}
