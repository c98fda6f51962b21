using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;

namespace NeuroCred.AppHost.Runtime;

/// <summary>Asks the container engine of this machine, as Aspire's orchestrator will: by its command line.</summary>
/// <param name="Program">The client's program: <c>docker</c> or <c>podman</c>, or a path of one.</param>
internal sealed record ContainerEngine(string Program)
{
    // Aspire's orchestrator refuses older ones.
    private const int OldestDockerClient = 25;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private bool IsDocker => Path.GetFileNameWithoutExtension(Program) == "docker";

    /// <summary>Finds out why no containers can be started with it.</summary>
    /// <returns>The reason, or null when it can be used.</returns>
    internal async Task<string?> FindObstacleAsync()
    {
        var client = await RunAsync("version", "--format", "{{.Client.Version}}");
        if (client.Missing)
        {
            return $"there is no program '{Program}'";
        }

        if (IsDocker && int.TryParse(client.Output.Split('.')[0], out var major) && major < OldestDockerClient)
        {
            return $"the Docker client is {client.Output}, and Aspire needs {OldestDockerClient} or newer";
        }

        var engine = await RunAsync("info", "--format", IsDocker ? "{{.ServerVersion}}" : "{{.Version.Version}}");
        return engine.TimedOut ? $"the engine of '{Program}' did not answer within {s_patience.TotalSeconds} s"
            : !engine.Success || engine.Output is "" ? $"no engine answers '{Program}'"
            : null;
    }

    /// <summary>
    /// Finds the address of this machine at which containers reach it. A machine on which the engine runs in a virtual machine of its own (Docker Desktop)
    /// has none: there the engine passes connections on to loopback.
    /// </summary>
    internal async Task<IPAddress?> FindBridgeAsync()
    {
        // Its network, and not its gateway: an engine does not always tell that.
        var subnet = await RunAsync("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}");
        return subnet.Success && IPNetwork.TryParse(subnet.Output, out var network)
            ? NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .FirstOrDefault(network.Contains)
            : null;
    }

    private async Task<Answer> RunAsync(params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                var error = process.StandardError.ReadToEndAsync(deadline.Token);
                var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
                await error;
                await process.WaitForExitAsync(deadline.Token);
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
