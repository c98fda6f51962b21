namespace NeuroCred.Tests.WholeSystem;

/// <summary><c>dotnet run</c> of the AppHost ends.</summary>
[StartsProcesses]
public sealed class EndedDotnetRunTests
{
    [Fact]
    public Task After_Control_C_under_dotnet_run_nothing_remains() =>
        NothingIsLeftBehind.AssertAfterAsync(
            AppHostProcess.ByDotnetRun(NothingIsLeftBehind.Arguments),
            (appHost, _) => appHost.PressControlC(),
            exitCode: 0
        );

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 137)]
    public Task However_dotnet_run_ends_the_AppHost_ends_with_it_and_nothing_remains(bool killed, int exitCode) =>
        NothingIsLeftBehind.AssertAfterAsync(
            AppHostProcess.ByDotnetRun(NothingIsLeftBehind.Arguments),
            (appHost, _) => appHost.Signal(killed ? UnixSignal.Kill : UnixSignal.Terminate),
            exitCode
        );
}
