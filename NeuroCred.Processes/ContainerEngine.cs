using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;

namespace NeuroCred.Processes;

/// <summary>Asks and commands the container engine of this machine, as Aspire's orchestrator will: by its command line.</summary>
/// <param name="program">The client's program: <c>docker</c> or <c>podman</c>, or a path of one.</param>
/// <param name="deadline">Cancelled when it is not waited for any longer.</param>
public sealed class ContainerEngine(string program, CancellationToken deadline)
{
    // Aspire's orchestrator refuses older ones.
    private const int OldestDockerClient = 25;

    private bool IsDocker => Path.GetFileNameWithoutExtension(program) == "docker";

    /// <summary>Finds out why no containers can be started with it.</summary>
    /// <returns>The reason, or null when it can be used.</returns>
    public async Task<string?> FindObstacleAsync()
    {
        var client = await RunAsync("version", "--format", "{{.Client.Version}}");
        if (client.Missing)
        {
            return $"there is no program '{program}'";
        }

        if (IsDocker && int.TryParse(client.Output.Split('.')[0], out var major) && major < OldestDockerClient)
        {
            return $"the Docker client is {client.Output}, and Aspire needs {OldestDockerClient} or newer";
        }

        var engine = await RunAsync("info", "--format", IsDocker ? "{{.ServerVersion}}" : "{{.Version.Version}}");
        return engine.TimedOut ? $"the engine of '{program}' did not answer in time"
            : !engine.Success || engine.Output is "" ? $"no engine answers '{program}'"
            : null;
    }

    /// <summary>
    /// Finds the address of this machine at which containers reach it. A machine on which the engine runs in a virtual machine of its own
    /// (Docker Desktop) has none: there the engine passes connections on to loopback.
    /// </summary>
    public async Task<IPAddress?> FindBridgeAsync()
    {
        // Its network, and not its gateway: an engine does not always tell that.
        var subnet = await RunAsync("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}");
        return subnet.Success && IPNetwork.TryParse(subnet.Output, out var network)
            ? NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .FirstOrDefault(network.Contains)
            : null;
    }

    /// <summary>Has the engine do something to a container: <c>kill</c> (SIGKILL), <c>pause</c> or <c>unpause</c>.</summary>
    /// <returns>False when it could not, or the container had ended before.</returns>
    public async Task<bool> TryAsync(string command, string id) => (await RunAsync(command, id)).Success;

    private async Task<Answer> RunAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            try
            {
                var error = process.StandardError.ReadToEndAsync(deadline);
                var output = await process.StandardOutput.ReadToEndAsync(deadline);
                await error;
                await process.WaitForExitAsync(deadline);
                return new(output.Trim(), process.ExitCode == 0);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return new("", false, TimedOut: true);
            }
        }
        catch (Win32Exception)
        {
            return new("", false, Missing: true);
        }
    }

    private sealed record Answer(string Output, bool Success, bool TimedOut = false, bool Missing = false);
}
