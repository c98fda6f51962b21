namespace NeuroCred.Tests.WholeSystem;

/// <summary>The AppHost, run by itself, ends.</summary>
[StartsProcesses]
public sealed class EndedAppHostTests
{
    // SIGINT: see the tests of odd environments.
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 137)]
    public Task However_the_AppHost_ends_no_process_no_port_and_no_temporary_folder_remains(bool killed, int exitCode) =>
        NothingIsLeftBehind.AssertAfterAsync(
            new(NothingIsLeftBehind.Arguments),
            (appHost, _) => appHost.Signal(killed ? UnixSignal.Kill : UnixSignal.Terminate),
            exitCode
        );
}
