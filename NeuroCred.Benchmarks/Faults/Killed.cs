using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Parts of the system end by SIGKILL, at once. The supervisor, or else the platform, starts them again.</summary>
internal sealed class Killed(SystemUnderTest system, params IReadOnlyList<string> names) : FaultRun(system)
{
    /// <summary>How long after its end a part that nobody supervises is started again, as a platform would.</summary>
    public static readonly TimeSpan PlatformRestart = TimeSpan.FromSeconds(1);

    private Task _startingAgain = Task.CompletedTask;

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(names.Select(System.Application.KillAsync));
        if (!System.IsSupervised)
        {
            _startingAgain = Task.WhenAll(
                names.Select(name => System.Application.StartAgainAsync(name, PlatformRestart, CancellationToken.None))
            );
        }
    }

    protected override Task UndoAsync() => _startingAgain;
}
