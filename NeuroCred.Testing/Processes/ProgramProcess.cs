using CliWrap;
using NeuroCred.Processes;

namespace NeuroCred.Testing.Processes;

/// <summary>One of the solution's services as a process of its own, on ports of its own.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildProcess _process;

    private ProgramProcess(string program, string name, IReadOnlyDictionary<string, string> settings)
    {
        var managementPort = LocalPort.FindFree();
        ManagementAddress = new($"http://127.0.0.1:{managementPort}");
        _process = new(
            Cli.Wrap("dotnet")
                .WithArguments([BuiltProgram.PathOf(program)])
                .WithEnvironmentVariables(set =>
                {
                    set.Set("OTEL_SERVICE_NAME", name)
                        .Set("ASPNETCORE_URLS", "http://127.0.0.1:0")
                        .Set("Management__Port", $"{managementPort}");
                    foreach (var (key, value) in settings)
                    {
                        set.Set(key.Replace(":", "__", StringComparison.Ordinal), value);
                    }
                }),
            Hear
        );
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>What it has written to the console.</summary>
    public string Output => _process.Output;

    /// <summary>Where it has its metrics, if it has a management port.</summary>
    public Uri ManagementAddress { get; }

    /// <summary>Starts a program of the solution, and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or did not listen within two minutes.</exception>
    public static async Task<ProgramProcess> StartAsync(string program, string name, IReadOnlyDictionary<string, string> settings)
    {
        var process = new ProgramProcess(program, name, settings);
        try
        {
            var ended = process._process.WaitForEndAsync();
            if (await Task.WhenAny(process._address.Task, ended).WaitAsync(s_deadline) != ended)
            {
                return process;
            }
        }
        catch (TimeoutException)
        {
            // Told below, with what it has written.
        }

        await process.DisposeAsync();
        throw new InvalidOperationException($"{program} does not listen:\n{process._process.Output}");
    }

    /// <summary>Tells it to end, and waits until it has: then <see cref="Output"/> is all that it has to say.</summary>
    public Task EndAsync() => _process.EndAsync(UnixSignal.Terminate);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Hear(string line)
    {
        if (
            line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at
            && new Uri(line[(at + Listening.Length)..].Trim()) is var address
            && address != ManagementAddress
        )
        {
            _address.TrySetResult(address);
        }
    }
}
