using System.Diagnostics;
using CliWrap;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>A peer's program with its configuration, in a temporary folder of its own.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(20);

    private readonly string _folder;
    private readonly ChildProcess _process;

    // An access log is written, as in life, and read by nobody: this program needs its processor for the clients.
    private PeerProcess(int port, string folder, IReadOnlyList<string> command)
    {
        (Address, _folder) = (new($"http://127.0.0.1:{port}"), folder);
        _process = new(Cli.Wrap("sh").WithArguments(["-c", "exec \"$@\" >/dev/null", "sh", .. command]).WithWorkingDirectory(folder));
    }

    /// <summary>Where clients reach it.</summary>
    public Uri Address { get; }

    /// <summary>Its number; what it started belongs to it.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a program and waits until it listens.</summary>
    /// <param name="port">The port that its configuration names.</param>
    /// <param name="files">The configuration: names and contents.</param>
    /// <param name="command">The program and its arguments, given the folder of the files.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time.</exception>
    public static async Task<PeerProcess> StartAsync(
        int port,
        IReadOnlyDictionary<string, string> files,
        Func<string, IReadOnlyList<string>> command,
        CancellationToken cancellationToken
    )
    {
        var folder = Directory.CreateTempSubdirectory("neurocred-benchmark-").FullName;
        // nginx's workers run as another user, who must be able to pass through.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            await File.WriteAllTextAsync(Path.Combine(folder, name), content, cancellationToken);
        }

        var peer = new PeerProcess(port, folder, command(folder));
        try
        {
            for (var waited = Stopwatch.StartNew(); !LocalPort.IsListening(port); await Task.Delay(20, cancellationToken))
            {
                if (peer._process.HasEnded || waited.Elapsed > s_start)
                {
                    throw new InvalidOperationException(
                        $"{string.Join(' ', command(folder))} did not start to listen on port {port}. It said:\n{peer._process.Output}"
                    );
                }
            }

            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
