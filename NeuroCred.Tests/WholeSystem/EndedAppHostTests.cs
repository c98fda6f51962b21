namespace NeuroCred.Tests.WholeSystem;

/// <summary>The AppHost, run by itself, ends.</summary>
[StartsProcesses]
public sealed class EndedAppHostTests
{
    // SIGTERM: see the tests of `dotnet run`, which passes it on. SIGINT: see those of odd environments.
    [Fact]
    public Task After_a_kill_of_the_AppHost_no_process_no_port_and_no_temporary_folder_remains() =>
        NothingIsLeftBehind.AssertAfterAsync(
            new(NothingIsLeftBehind.Arguments),
            (appHost, _) => appHost.Signal(UnixSignal.Kill),
            exitCode: 137
        );
}
