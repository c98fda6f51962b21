using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using NeuroCred.Benchmarks.Contestants;
using Yarp.ReverseProxy.Forwarder;

namespace NeuroCred.Benchmarks.Report;

/// <summary>Where something was measured, and with which versions.</summary>
/// <param name="System">The operating system.</param>
/// <param name="Cores">Its processors.</param>
/// <param name="Versions">Programs and their versions.</param>
internal sealed partial record Machine(string System, int Cores, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>This machine.</summary>
    public static Machine Read() => new(RuntimeInformation.OSDescription, Environment.ProcessorCount, new Dictionary<string, string>
    {
        [".NET"] = Environment.Version.ToString(),
        ["nginx"] = Ask("nginx", "-v"),
        ["HAProxy"] = Ask("haproxy", "-v"),
        ["YARP"] = typeof(IHttpForwarder).Assembly.GetName().Version?.ToString(3) ?? "unknown",
    });

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{System}, {Cores} cores, {string.Join(", ", Versions.Select(v => $"{v.Key} {v.Value}"))}");

    private static string Ask(string program, string argument)
    {
        if (InstalledProgram.TryFind(program) is not { } path)
        {
            return "missing";
        }

        using var process = Process.Start(new ProcessStartInfo(path, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        return Version().Match(said) is { Success: true } version ? version.Value : "unknown";
    }

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex Version();
}
