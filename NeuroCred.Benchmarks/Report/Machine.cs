using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Yarp.ReverseProxy.Forwarder;

namespace NeuroCred.Benchmarks.Report;

/// <summary>Where something was measured, and with which versions.</summary>
internal sealed partial record Machine(string System, int Cores, IReadOnlyDictionary<string, string> Versions)
{
    public static async Task<Machine> ReadAsync() =>
        new(
            RuntimeInformation.OSDescription,
            Environment.ProcessorCount,
            new Dictionary<string, string>
            {
                [".NET"] = Environment.Version.ToString(),
                ["nginx"] = await AskAsync("nginx", "-v"),
                ["HAProxy"] = await AskAsync("haproxy", "-v"),
                ["YARP"] = typeof(IHttpForwarder).Assembly.GetName().Version?.ToString(3) ?? "unknown",
            }
        );

    public override string ToString() => $"{System}, {Cores} cores, {string.Join(", ", Versions.Select(v => $"{v.Key} {v.Value}"))}";

    private static async Task<string> AskAsync(string program, string argument) =>
        Tool.Find(program) is not { } path ? "missing"
        : Version().Match((await Tool.RunAsync(path, argument)).Output) is { Success: true } version ? version.Value
        : "unknown";

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex Version();
}
