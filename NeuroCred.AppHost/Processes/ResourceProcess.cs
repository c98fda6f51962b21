using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NeuroCred.AppHost.Processes;

/// <summary>The process of a resource that runs, told from a later one with the same id by the moment of its start.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartTime">When it was started.</param>
internal sealed record ResourceProcess(int Id, DateTime StartTime)
{
    /// <summary>The id of a resource's process, or null unless it runs as one: a container has none that is ours to signal.</summary>
    internal static int? GetId(CustomResourceSnapshot snapshot)
        => snapshot.State?.Text == KnownResourceStates.Running && snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Finds a resource's process, or null when it has none.</summary>
    internal static ResourceProcess? Find(CustomResourceSnapshot snapshot) => GetId(snapshot) is { } id ? Find(id) : null;

    /// <summary>Finds the process that has an id now.</summary>
    internal static ResourceProcess? Find(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new(id, process.StartTime);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Kills it and all that descends from it (SIGKILL): under <c>dotnet run</c> the program is a child.</summary>
    /// <returns>False when it had ended before.</returns>
    internal bool Kill()
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
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Suspends it and all that descends from it (SIGSTOP).</summary>
    /// <returns>False when it has ended.</returns>
    internal bool Suspend() => Signal(UnixSignal.Stop);

    /// <summary>Has it, and all that descends from it, go on (SIGCONT).</summary>
    /// <returns>False when it has ended.</returns>
    internal bool Continue() => Signal(UnixSignal.Continue);

    private bool Signal(UnixSignal signal)
    {
        if (Find(Id) != this)
        {
            return false;
        }

        // A parent goes first, so that it starts no child that would be missed.
        var reached = signal.SendTo(Id);
        for (IReadOnlyList<int> parents = [Id]; parents.Count > 0;)
        {
            parents = ProcessTree.GetChildren(parents);
            foreach (var child in parents)
            {
                signal.SendTo(child);
            }
        }

        return reached;
    }
}
