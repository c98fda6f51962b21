using System.Collections.Concurrent;
using CliWrap;
using NeuroCred.Processes;

namespace NeuroCred.Testing.Processes;

/// <summary>A program of this machine that runs until it ends, or is disposed of, which kills it and all that it started.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly CommandTask<CommandResult> _running;

    /// <summary>Starts it.</summary>
    /// <param name="command">The program, its arguments, its folder and its environment.</param>
    /// <param name="heard">Called with each line that it writes, to either stream.</param>
    public ChildProcess(Command command, Action<string>? heard = null)
    {
        var lines = PipeTarget.ToDelegate(line =>
        {
            _lines.Enqueue(line);
            heard?.Invoke(line);
        });
        _running = command
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(lines)
            .WithStandardErrorPipe(lines)
            .ExecuteAsync(_kill.Token);
    }

    public int Id => _running.ProcessId;

    /// <summary>What it has written so far, to both streams.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The same as a text.</summary>
    public string Output => string.Join('\n', _lines);

    public bool HasEnded => _running.Task.IsCompleted;

    /// <summary>Waits until it has ended, and all that it wrote was read.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForEndAsync(CancellationToken cancellationToken = default) =>
        (await _running.Task.WaitAsync(cancellationToken)).ExitCode;

    /// <summary>Sends it, and nothing that it started, a signal.</summary>
    public void Signal(UnixSignal signal)
    {
        if (!HasEnded)
        {
            signal.SendTo(Id);
        }
    }

    /// <summary>Sends it a signal, and waits until it has ended.</summary>
    public async Task EndAsync(UnixSignal signal)
    {
        Signal(signal);
        await _running.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _kill.CancelAsync();
        await ((Task)_running.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.Dispose();
        _kill.Dispose();
    }
}
