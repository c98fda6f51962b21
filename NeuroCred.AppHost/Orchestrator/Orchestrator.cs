using System.Globalization;
using NeuroCred.Processes;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>
/// The processes of DCP that Aspire has started for this AppHost. Aspire tells nobody their ids, but their command lines do: the API server is told to watch over
/// this process, and the controllers to watch over the API server.
/// </summary>
/// <param name="ApiServer">What resources are asked of.</param>
/// <param name="Controllers">What starts and stops processes.</param>
/// <param name="SessionFolder">The folder of this run, which it removes when it ends by itself.</param>
internal sealed record Orchestrator(ResourceProcess ApiServer, ResourceProcess Controllers, string SessionFolder)
{
    /// <summary>Finds it, or null when it has not started yet, or where there is no /proc.</summary>
    internal static Orchestrator? Find()
    {
        var processes = LinuxProcess.GetAll().Where(p => p.Program == "dcp").ToArray();
        return Find(processes, "start-apiserver", Environment.ProcessId) is { } server
            && Find(processes, "run-controllers", server.Id) is { } controllers
            && server.GetArgument("--kubeconfig") is { } kubeconfig
            && ResourceProcess.Find(server.Id) is { } serverProcess
            && ResourceProcess.Find(controllers.Id) is { } controllersProcess
            ? new(serverProcess, controllersProcess, Path.GetDirectoryName(kubeconfig)!)
            : null;
    }

    /// <summary>What of it has ended, or null while both run.</summary>
    internal string? FindLoss()
        => (HasEnded(ApiServer), HasEnded(Controllers)) switch
        {
            (true, true) => "its API server and its controllers",
            (true, false) => "its API server",
            (false, true) => "its controllers",
            _ => null,
        };

    private static bool HasEnded(ResourceProcess process) => ResourceProcess.Find(process.Id) != process;

    private static LinuxProcess? Find(IEnumerable<LinuxProcess> processes, string command, int watched)
        => processes.FirstOrDefault(p => p.Arguments.Contains(command) && p.GetArgument("--monitor") == watched.ToString(CultureInfo.InvariantCulture));
}
