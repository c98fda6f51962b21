using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Processes;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>A part of the system is frozen (SIGSTOP), and goes on after a while, unless something replaced it before.</summary>
internal sealed class Frozen(SystemUnderTest system, string name, TimeSpan duration) : FaultRun(system)
{
    private RunningInstance? _frozen;

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        _frozen = await System.Application.HangAsync(name);
        await Task.Delay(duration, cancellationToken);
        await UndoAsync();
    }

    protected override async Task UndoAsync()
    {
        await (_frozen?.ContinueAsync() ?? Task.CompletedTask);
        _frozen = null;
    }
}
