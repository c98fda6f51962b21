using System.Net;
using NeuroCred.Processes;
using NeuroCred.Settings;

namespace NeuroCred.AppHost.Runtime;

/// <summary>What runs Redis, Postgres and nginx.</summary>
/// <param name="UsesContainers">Whether they are containers. Otherwise they are processes of this machine's programs.</param>
/// <param name="Reason">Why, as the end of a sentence.</param>
/// <param name="Bridge">The address of this machine at which containers reach it, when that is not loopback.</param>
/// <param name="Engine">The program that containers are managed with: <c>docker</c> or <c>podman</c>, or a path of one; null without
/// containers.</param>
internal sealed record ChosenRuntime(bool UsesContainers, string Reason, IPAddress? Bridge = null, string? Engine = null)
{
    /// <summary>The key of the configuration: <c>auto</c> (the default), <c>containers</c> or <c>processes</c>.</summary>
    internal const string Key = "NEUROCRED_RUNTIME";

    // For each engine. The start of the application waits for it.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    private static readonly string[] s_engines = ["docker", "podman"];

    /// <summary>Reads the choice, and asks the container engine where the choice depends on it.</summary>
    /// <param name="settings">Where the choice is read, and an engine that is named.</param>
    /// <param name="engines">What to ask, in order, if no engine is named: <c>docker</c>, then <c>podman</c> by default.</param>
    internal static async Task<ChosenRuntime> ReadAsync(SettingsReader settings, string[]? engines = null)
    {
        var choice = settings.Read(
            Key,
            "auto",
            "auto, containers or processes",
            (text, out value) => (value = text) is "auto" or "containers" or "processes"
        );
        var isAuto = choice == "auto";
        if (choice == "processes")
        {
            return new(false, $"{Key} is 'processes'");
        }

        // The name that is configured for Aspire's orchestrator; without one it looks for Docker, and then for Podman.
        var configured = settings.Text("ASPIRE_CONTAINER_RUNTIME") ?? settings.Text("DOTNET_ASPIRE_CONTAINER_RUNTIME");
        var obstacles = new List<string>();
        foreach (var program in configured is null ? engines ?? s_engines : [configured])
        {
            using var deadline = new CancellationTokenSource(s_timeout);
            var engine = new ContainerEngine(program, deadline.Token);
            if (await engine.FindObstacleAsync() is { } obstacle)
            {
                obstacles.Add(obstacle);
                continue;
            }

            // Without the bridge, which it has not told in time then, the gateway would not reach the replicas.
            var bridge = await engine.FindBridgeAsync();
            if (!deadline.IsCancellationRequested)
            {
                return new(true, isAuto ? $"'{program}' answers" : $"{Key} is 'containers'", bridge, program);
            }

            obstacles.Add($"the engine of '{program}' did not answer in time");
        }

        var reason = string.Join(", and ", obstacles);
        if (!isAuto)
        {
            settings.Report(Key, $"is 'containers', but {reason}. Start the engine, or give auto or processes.");
        }

        return new(!isAuto, reason);
    }
}
