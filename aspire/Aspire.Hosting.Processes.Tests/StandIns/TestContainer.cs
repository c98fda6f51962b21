using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>A container to start in a temporary folder, with a folder beside it for volumes.</summary>
internal sealed class TestContainer : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("standin-").FullName;
    private int _starts;

    public TestContainer(string image, int targetPort)
    {
        // What a session folder needs to be when the AppHost runs as root.
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.OtherExecute);
        Port = LoopbackPort.Free();
        Launch = new ContainerLaunch(
            image,
            null,
            [],
            new Dictionary<string, string>(),
            [],
            [],
            [new ContainerPort(targetPort, Port, "127.0.0.1")],
            ""
        );
    }

    public int Port { get; }

    public ContainerLaunch Launch { get; set; }

    /// <summary>The folder of the last start.</summary>
    public string Folder => Path.Combine(_root, $"start-{_starts}");

    public string Volume(string name) => Path.Combine(_root, "volumes", name);

    /// <summary>Places a file into the container.</summary>
    public void AddFile(string path, string content, UnixFileMode mode = UnixFileMode.None) =>
        Launch = Launch with { Files = [.. Launch.Files, new(path, content, mode)] };

    /// <summary>Mounts a <see cref="Volume"/>, whose folder is not made here.</summary>
    /// <returns>Its folder.</returns>
    public string Mount(string volume, string target)
    {
        Launch = Launch with { Mounts = [.. Launch.Mounts, new(Volume(volume), target)] };
        return Volume(volume);
    }

    /// <summary>A new start's container.</summary>
    public ContainerLaunch Next()
    {
        _starts++;
        return Launch with { Folder = Directory.CreateDirectory(Folder).FullName };
    }

    public Task<RunningStandIn> StartAsync() => RunningStandIn.StartAsync(Next());

    public Task NothingIsLeftAsync() =>
        Eventually.HoldsAsync(
            () => Task.FromResult(RunningStandIn.ProcessesOf(_root).Count == 0 && !LoopbackPort.IsTaken(Port)),
            "The end of every process",
            () => string.Join('\n', RunningStandIn.ProcessesOf(_root).Select(RunningStandIn.Describe))
        );

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
