using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using NeuroCred.AppHost.Processes;
using NeuroCred.Tests.Balancer.Engine;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The process or the container that a resource runs in, told from the one before by its id.</summary>
/// <param name="Id">The process's number, or the container's id.</param>
/// <param name="IsContainer">Which of the two.</param>
internal sealed record ResourceInstance(string Id, bool IsContainer)
{
    /// <summary>Finds it, or null when there is none.</summary>
    public static ResourceInstance? Find(CustomResourceSnapshot snapshot)
        => Read(snapshot, "executable.pid") is { } pid ? new(pid, false)
        : Read(snapshot, "container.id") is { } id ? new(id, true)
        : null;

    /// <summary>Kills it, and all that descends from it, with SIGKILL.</summary>
    public Task KillAsync() => DoAsync("kill", process => process.Kill());

    /// <summary>Has it, and all that descends from it, stand still.</summary>
    public Task SuspendAsync() => DoAsync("pause", process => process.Suspend());

    /// <summary>Has it go on.</summary>
    public Task ContinueAsync() => DoAsync("unpause", process => process.Continue());

    private async Task DoAsync(string command, Func<ResourceProcess, bool> signal)
    {
        if (IsContainer)
        {
            await DockerEngine.RunAsync(command, Id);
            return;
        }

        Assert.True(ResourceProcess.Find(int.Parse(Id, CultureInfo.InvariantCulture)) is { } process && signal(process), $"The process {Id} has ended.");
    }

    private static string? Read(CustomResourceSnapshot snapshot, string property)
        => Convert.ToString(snapshot.Properties.FirstOrDefault(p => p.Name == property)?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null;
}
