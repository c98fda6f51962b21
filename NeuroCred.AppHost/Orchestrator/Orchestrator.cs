using NeuroCred.Processes;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>
/// The processes of DCP that Aspire has started for this application. Aspire tells nobody their ids, but their command lines do: the API
/// server is told of the folder of the run, and the controllers to watch over the API server.
/// </summary>
/// <param name="ApiServer">What resources are asked of.</param>
/// <param name="Controllers">What starts and stops processes.</param>
internal sealed record Orchestrator(ResourceProcess ApiServer, ResourceProcess Controllers)
{
    /// <summary>Finds it, or null when it does not run (yet), or where there is no /proc.</summary>
    /// <param name="folder">The folder of the run.</param>
    internal static Orchestrator? Find(string folder)
    {
        var processes = LinuxProcess.GetAll().Where(p => p.Program == "dcp").ToArray();
        return
            processes.FirstOrDefault(p =>
                p.Arguments.Contains("start-apiserver") && p.GetArgument("--kubeconfig") == Path.Combine(folder, "kubeconfig")
            )
                is { } server
            && processes.FirstOrDefault(p => p.Arguments.Contains("run-controllers") && p.GetArgument("--monitor") == $"{server.Id}")
                is { } controllers
            && ResourceProcess.Find(server.Id) is { } serverProcess
            && ResourceProcess.Find(controllers.Id) is { } controllersProcess
            ? new(serverProcess, controllersProcess)
            : null;
    }

    /// <summary>What of it has ended, or null while both run.</summary>
    internal string? FindLoss() =>
        (HasEnded(ApiServer), HasEnded(Controllers)) switch
        {
            (true, true) => "its API server and its controllers",
            (true, false) => "its API server",
            (false, true) => "its controllers",
            _ => null,
        };

    private static bool HasEnded(ResourceProcess process) => ResourceProcess.Find(process.Id) != process;
}
