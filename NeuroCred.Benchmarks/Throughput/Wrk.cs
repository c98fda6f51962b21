using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace NeuroCred.Benchmarks.Throughput;

/// <summary>Asks as fast as it is answered, with the program wrk.</summary>
internal static partial class Wrk
{
    /// <summary>Measures requests per second.</summary>
    /// <exception cref="InvalidOperationException">wrk failed, or not every answer was a success: the number would mean
    /// nothing.</exception>
    public static async Task<double> MeasureAsync(Uri address, int connections, int seconds, CancellationToken cancellationToken)
    {
        string[] arguments = ["-t", "1", "-c", connections.ToString(), "-d", $"{seconds}s", $"{address}api/score/0x0"];
        var wrk = await Cli.Wrap(Tool.Require("wrk"))
            .WithArguments(arguments)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellationToken);
        return Read(wrk.StandardOutput + wrk.StandardError);
    }

    /// <summary>Reads what wrk printed.</summary>
    internal static double Read(string said) =>
        Rate().Match(said) is { Success: true } rate
        && !said.Contains("Non-2xx", StringComparison.Ordinal)
        && !said.Contains("Socket errors", StringComparison.Ordinal)
            ? double.Parse(rate.Groups[1].Value)
            : throw new InvalidOperationException($"wrk did not get only successful answers. It said:{Environment.NewLine}{said}");

    [GeneratedRegex(@"Requests/sec:\s*([\d.]+)")]
    private static partial Regex Rate();
}
