using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Processes;

/// <summary>The process of a resource that runs, told from a later one with the same id by the moment of its start.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartTime">When it was started.</param>
public sealed record ResourceProcess(int Id, DateTime StartTime)
{
    /// <summary>The id of a resource's process, or null unless it runs as one: a container has none that is ours to signal.</summary>
    public static int? GetId(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running
        && snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id)
            : null;

    /// <summary>Finds a resource's process, or null when it has none.</summary>
    public static ResourceProcess? Find(CustomResourceSnapshot snapshot) => GetId(snapshot) is { } id ? Find(id) : null;

    /// <summary>Finds the process that has an id now.</summary>
    public static ResourceProcess? Find(int id)
    {
        try
        {
            // A resource that is about to start has 0, which to kill(2) is the caller's own group.
            using var process = Process.GetProcessById(id > 0 ? id : throw new ArgumentException("No process has this id."));
            return new(id, process.StartTime);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Kills it and all that descends from it (SIGKILL): under <c>dotnet run</c> the program is a child.</summary>
    /// <returns>False when it had ended before.</returns>
    public bool Kill()
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            if (process.StartTime != StartTime)
            {
                return false;
            }

            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
        {
            return false;
        }
    }

    /// <summary>Asks it, and nothing that descends from it, to end (SIGTERM).</summary>
    /// <returns>False when it has ended.</returns>
    public bool Terminate() => Find(Id) == this && UnixSignal.Terminate.SendTo(Id);

    /// <summary>Asks it, and nothing that descends from it, to read its configuration again (SIGHUP).</summary>
    /// <returns>False when it has ended.</returns>
    public bool Reload() => Find(Id) == this && UnixSignal.Hangup.SendTo(Id);

    /// <summary>Suspends it and all that descends from it (SIGSTOP).</summary>
    /// <returns>False when it has ended.</returns>
    public bool Suspend() => Signal(UnixSignal.Stop);

    /// <summary>Has it, and all that descends from it, go on (SIGCONT).</summary>
    /// <returns>False when it has ended.</returns>
    public bool Continue() => Signal(UnixSignal.Continue);

    /// <summary>The processor time that it, and all that descends from it, has used.</summary>
    public TimeSpan GetProcessorTime() =>
        ProcessTree.GetDescendants(Id).Prepend(Id).Aggregate(TimeSpan.Zero, (sum, id) => sum + GetProcessorTime(id));

    private static TimeSpan GetProcessorTime(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return TimeSpan.Zero;
        }
    }

    private bool Signal(UnixSignal signal)
    {
        if (Find(Id) != this)
        {
            return false;
        }

        var reached = signal.SendTo(Id);
        foreach (var child in ProcessTree.GetDescendants(Id))
        {
            signal.SendTo(child);
        }

        return reached;
    }
}
