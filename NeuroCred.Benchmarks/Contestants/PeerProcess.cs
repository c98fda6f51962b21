using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>A peer's program with its configuration, in a temporary folder of its own.</summary>
internal sealed class PeerProcess : IGateway
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(20);

    private readonly string _folder;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private PeerProcess(Uri address, string folder, ProcessStartInfo start)
    {
        (Address, _folder) = (address, folder);
        start.WorkingDirectory = folder;
        start.RedirectStandardError = true;
        _process = new() { StartInfo = start };
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
    }

    public Uri Address { get; }

    /// <summary>Starts a program and waits until it listens.</summary>
    /// <param name="port">The port that its configuration names.</param>
    /// <param name="files">The configuration: names and contents.</param>
    /// <param name="command">The program and its arguments, given the folder of the files.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time.</exception>
    public static async Task<PeerProcess> StartAsync(
        int port, IReadOnlyDictionary<string, string> files, Func<string, IReadOnlyList<string>> command, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("neurocred-benchmark-").FullName;
        // nginx's workers run as another user, who must be able to pass through.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            await File.WriteAllTextAsync(Path.Combine(folder, name), content, cancellationToken);
        }

        // An access log is written, as in life, and read by nobody: this program needs its processor for the clients.
        var peer = new PeerProcess(new($"http://127.0.0.1:{port}"), folder, new("sh", ["-c", "exec \"$@\" >/dev/null", "sh", .. command(folder)]));
        try
        {
            peer._process.Start();
            peer._process.BeginErrorReadLine();
            await peer.WaitUntilListeningAsync(cancellationToken);
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
        try
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(Address.Host, Address.Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited && waited.Elapsed < s_start)
            {
                // Not yet.
            }
            catch (SocketException)
            {
                lock (_said)
                {
                    throw new InvalidOperationException($"{string.Join(' ', _process.StartInfo.ArgumentList.Skip(3))} did not start to listen on {Address}. It said:{Environment.NewLine}{_said}");
                }
            }
        }
    }

    private void Hear(string? line)
    {
        // The first lines say why a start failed; what comes in an hour of faults is not kept.
        lock (_said)
        {
            if (line is not null && _said.Length < 8192)
            {
                _said.AppendLine(line);
            }
        }
    }
}
