using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>One of the solution's services as a process of its own, on ports of its own.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;
    private volatile Uri? _address;

    private ProgramProcess(string program, string name, IReadOnlyDictionary<string, string> settings)
    {
        var managementPort = LocalPort.FindFree();
        ManagementAddress = new($"http://127.0.0.1:{managementPort}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{program}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["OTEL_SERVICE_NAME"] = name,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Management__Port"] = managementPort.ToString(CultureInfo.InvariantCulture),
            },
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("It does not listen yet.");

    /// <summary>Where it has its metrics, if it has a management port.</summary>
    public Uri ManagementAddress { get; }

    /// <summary>Starts a program that lies beside the tests, and waits until it listens.</summary>
    public static async Task<ProgramProcess> StartAsync(string program, string name, IReadOnlyDictionary<string, string> settings)
    {
        var process = new ProgramProcess(program, name, settings);
        await Until.HoldsAsync(() => process._address is not null, s_deadline, () => $"{program} does not listen:\n{string.Join('\n', process._output)}");
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        const string Listening = "Now listening on: ";
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            var address = new Uri(line[(at + Listening.Length)..].Trim());
            _address = address == ManagementAddress ? _address : address;
        }
    }
}
