using System.Globalization;
using NeuroCred.AppHost.Processes;

namespace NeuroCred.AppHost.Runtime;

/// <summary>What a resource runs in now: a process of this machine, or a container.</summary>
internal abstract record RunningInstance
{
    private RunningInstance()
    {
    }

    /// <summary>What it is called in a log: <c>process</c> or <c>container</c>.</summary>
    internal abstract string Kind { get; }

    /// <summary>What tells it from others, as a log shows it.</summary>
    internal abstract string Id { get; }

    /// <summary>The id of what a resource runs in, or null unless it runs. To compare only: the process may have ended.</summary>
    internal static string? GetId(CustomResourceSnapshot snapshot)
        => ResourceProcess.GetId(snapshot) is { } pid ? pid.ToString(CultureInfo.InvariantCulture) : GetContainerId(snapshot);

    /// <summary>Finds what a resource runs in, or null when it does not run.</summary>
    /// <param name="snapshot">The resource's state.</param>
    /// <param name="engine">The program of the container engine; null where there is none, and no container is found.</param>
    internal static RunningInstance? Find(CustomResourceSnapshot snapshot, string? engine)
        => ResourceProcess.Find(snapshot) is { } process ? new OfProcess(process)
            : engine is not null && GetContainerId(snapshot) is { } id ? new OfContainer(id, engine)
            : null;

    /// <summary>The processor time that it has used; zero where that is not known.</summary>
    internal abstract TimeSpan GetProcessorTime();

    /// <summary>Kills it, and all that descends from it (SIGKILL).</summary>
    /// <returns>False when it could not be killed, or had ended before.</returns>
    internal abstract Task<bool> KillAsync();

    private static string? GetContainerId(CustomResourceSnapshot snapshot)
        => snapshot.State?.Text == KnownResourceStates.Running
            && Convert.ToString(snapshot.Properties.FirstOrDefault(p => p.Name == "container.id")?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } id
            ? id
            : null;

    private sealed record OfProcess(ResourceProcess Process) : RunningInstance
    {
        internal override string Kind => "process";

        internal override string Id => string.Create(CultureInfo.InvariantCulture, $"pid {Process.Id}");

        internal override TimeSpan GetProcessorTime() => Process.GetProcessorTime();

        internal override Task<bool> KillAsync() => Task.FromResult(Process.Kill());
    }

    private sealed record OfContainer(string ContainerId, string Engine) : RunningInstance
    {
        // An engine that hangs too is not waited for: the next misses try again.
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

        internal override string Kind => "container";

        internal override string Id => ContainerId;

        // An engine may run in a virtual machine, whose processes are not this machine's.
        internal override TimeSpan GetProcessorTime() => TimeSpan.Zero;

        internal override async Task<bool> KillAsync()
        {
            using var deadline = new CancellationTokenSource(s_patience);
            return await new ContainerEngine(Engine, deadline.Token).KillAsync(ContainerId);
        }
    }
}
