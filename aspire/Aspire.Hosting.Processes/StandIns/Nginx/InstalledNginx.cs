using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>Which nginx runs here in place of the image's.</summary>
internal static partial class InstalledNginx
{
    private static readonly Lazy<string?> s_version = new(FindVersion);

    /// <summary>Where a model that writes nginx's configuration looks for the version that will read it.</summary>
    public const string VersionKey = "Nginx:Version";

    /// <summary>Its version, such as <c>1.22.1</c>; null when there is none.</summary>
    public static string? Version => s_version.Value;

    private static string? FindVersion()
    {
        if (InstalledPrograms.Find("nginx") is not { } program)
        {
            return null;
        }

        try
        {
            // It says "nginx version: nginx/1.22.1" on standard error.
            using var process = Process.Start(new ProcessStartInfo(program, ["-v"]) { RedirectStandardError = true })!;
            return VersionNumber().Match(process.StandardError.ReadToEnd()) is { Success: true } match ? match.Groups[1].Value : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"nginx/(\d+(\.\d+)+)")]
    private static partial Regex VersionNumber();
}
