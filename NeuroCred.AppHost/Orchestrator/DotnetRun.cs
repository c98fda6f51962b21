using NeuroCred.Processes;

namespace NeuroCred.AppHost.Orchestrator;

internal static class DotnetRun
{
    // Aspire's own name: it looks every second whether this process is there, and stops the application when it is not.
    private const string Watched = "ASPIRE_CLI_PID";

    /// <summary>
    /// Ends the application when the <c>dotnet run</c> that started it has ended. That passes on the signals it gets, but nothing can when
    /// it is killed. The aspire CLI has itself watched in the same way.
    /// </summary>
    internal static void EndWithDotnetRun(this IDistributedApplicationBuilder builder)
    {
        if (
            builder.ExecutionContext.IsRunMode
            && builder.Configuration[Watched] is null
            && LinuxProcess.FindParent() is { Program: "dotnet", Arguments: [_, "run", ..] } parent
        )
        {
            builder.Configuration[Watched] = parent.Id.ToString();
        }
    }
}
