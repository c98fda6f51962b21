namespace NeuroCred.AppHost.Monitoring;

/// <summary>
/// The folder of the gateway's access log, which nginx writes and the monitor reads: one for each run, below the user's state folder. It
/// goes with the run. A run that was killed leaves it behind, and the next one removes it: a run holds a lock beside its folder, which the
/// kernel takes away with the process, whatever ended it.
/// </summary>
internal sealed class GatewayLogFolder : IDisposable
{
    private const string LockExtension = ".lock";

    private readonly string _parent;
    private FileStream? _lock;

    /// <summary>Chooses a name.</summary>
    /// <param name="state">The user's state folder.</param>
    internal GatewayLogFolder(string state)
    {
        _parent = System.IO.Path.Combine(state, "neurocred", "gateway-log");
        Path = System.IO.Path.Combine(_parent, $"{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
    }

    /// <summary>Its path.</summary>
    internal string Path { get; }

    /// <summary>The log's path.</summary>
    internal string File => System.IO.Path.Combine(Path, "access.log");

    /// <summary>The user's state folder: <c>XDG_STATE_HOME</c>, or <c>~/.local/state</c>.</summary>
    internal static string FindStateFolder() =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } given && System.IO.Path.IsPathFullyQualified(given)
            ? given
            : System.IO.Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                ".local",
                "state"
            );

    /// <summary>Makes it, and removes those of runs that were killed.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be made; the message says what to do.</exception>
    internal void Create()
    {
        try
        {
            Directory.CreateDirectory(_parent);
            RemoveAbandoned();
            _lock = Open(Path + LockExtension);
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The gateway's log cannot be kept in '{_parent}': {e.Message} Set XDG_STATE_HOME to a folder that you can write to."
            );
        }

        // An exit without the end of the application: its orchestrator has ended and nothing can be stopped.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (Interlocked.Exchange(ref _lock, null) is { } held)
        {
            Remove(Path, held);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();

    private void RemoveAbandoned()
    {
        foreach (var path in Directory.EnumerateFiles(_parent, "*" + LockExtension))
        {
            try
            {
                Remove(path[..^LockExtension.Length], Open(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A run that lives holds it, or another user's.
            }
        }
    }

    private static void Remove(string folder, FileStream held)
    {
        using (held)
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            System.IO.File.Delete(held.Name);
        }
    }

    // Nobody else gets it as long as this process has it, nor do its children inherit it.
    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
