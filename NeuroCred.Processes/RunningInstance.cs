using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Processes;

/// <summary>What a resource runs in now: a process of this machine, or a container.</summary>
public abstract record RunningInstance
{
    private RunningInstance() { }

    /// <summary>What it is called in a log: <c>process</c> or <c>container</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What tells it from others, as a log shows it.</summary>
    public abstract string Id { get; }

    /// <summary>The id of what a resource runs in, or null unless it runs. To compare only: the process may have ended.</summary>
    public static string? GetId(CustomResourceSnapshot snapshot) =>
        ResourceProcess.GetId(snapshot) is { } pid ? pid.ToString() : GetContainerId(snapshot);

    /// <summary>Finds what a resource runs in, or null when it does not run.</summary>
    /// <param name="snapshot">The resource's state.</param>
    /// <param name="engine">The program of the container engine; null where there is none, and no container is found.</param>
    public static RunningInstance? Find(CustomResourceSnapshot snapshot, string? engine) =>
        ResourceProcess.Find(snapshot) is { } process ? new OfProcess(process)
        : engine is not null && GetContainerId(snapshot) is { } id ? new OfContainer(id, engine)
        : null;

    /// <summary>The processor time that it has used; zero where that is not known.</summary>
    public abstract TimeSpan GetProcessorTime();

    /// <summary>Kills it, and all that descends from it (SIGKILL).</summary>
    /// <returns>False when it could not be killed, or had ended before.</returns>
    public abstract Task<bool> KillAsync();

    /// <summary>Suspends it, and all that descends from it (SIGSTOP): connections to it can be made, and nothing is answered.</summary>
    /// <returns>False when it could not be suspended, or had ended before.</returns>
    public abstract Task<bool> SuspendAsync();

    /// <summary>Has it, and all that descends from it, go on (SIGCONT).</summary>
    /// <returns>False when it was not suspended, or has ended.</returns>
    public abstract Task<bool> ContinueAsync();

    private static string? GetContainerId(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running
        && Convert.ToString(snapshot.Properties.FirstOrDefault(p => p.Name == "container.id")?.Value) is { Length: > 0 } id
            ? id
            : null;

    private sealed record OfProcess(ResourceProcess Process) : RunningInstance
    {
        public override string Kind => "process";

        public override string Id => $"pid {Process.Id}";

        public override TimeSpan GetProcessorTime() => Process.GetProcessorTime();

        public override Task<bool> KillAsync() => Task.FromResult(Process.Kill());

        public override Task<bool> SuspendAsync() => Task.FromResult(Process.Suspend());

        public override Task<bool> ContinueAsync() => Task.FromResult(Process.Continue());
    }

    private sealed record OfContainer(string ContainerId, string Engine) : RunningInstance
    {
        // An engine that hangs too is not waited for: the next misses try again.
        private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

        public override string Kind => "container";

        public override string Id => ContainerId;

        // An engine may run in a virtual machine, whose processes are not this machine's.
        public override TimeSpan GetProcessorTime() => TimeSpan.Zero;

        public override Task<bool> KillAsync() => TryAsync("kill");

        public override Task<bool> SuspendAsync() => TryAsync("pause");

        public override Task<bool> ContinueAsync() => TryAsync("unpause");

        private async Task<bool> TryAsync(string command)
        {
            using var deadline = new CancellationTokenSource(s_timeout);
            return await new ContainerEngine(Engine, deadline.Token).TryAsync(command, ContainerId);
        }
    }
}
