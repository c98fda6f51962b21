using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>A part of the system is frozen (SIGSTOP), and goes on after a while, unless something replaced it before.</summary>
internal sealed class Frozen(SystemUnderTest system, string name, TimeSpan duration) : FaultRun(system)
{
    private int? _frozen;

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        _frozen = System.Resources.GetPid(name);
        ProcessTree.Signal(_frozen.Value, ProcessTree.SigStop);
        await Task.Delay(duration, cancellationToken);
        Thaw();
    }

    public override ValueTask DisposeAsync()
    {
        Thaw();
        return base.DisposeAsync();
    }

    private void Thaw()
    {
        if (_frozen is { } pid)
        {
            ProcessTree.Signal(pid, ProcessTree.SigCont);
            _frozen = null;
        }
    }
}
