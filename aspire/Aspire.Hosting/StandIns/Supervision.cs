using System.Reflection;

namespace Aspire.Hosting.StandIns;

/// <summary>How a service is started so that it ends as it should and leaves nothing behind; see <c>Scripts/supervise.sh</c>.</summary>
/// <param name="Program">The absolute path of the service's program.</param>
/// <param name="StopSignal">The signal for a graceful end.</param>
/// <param name="HardSignal">The signal for an end at once.</param>
internal sealed record Supervision(string Program, string StopSignal, string HardSignal)
{
    /// <summary>What every stand-in needs of the machine.</summary>
    public static IReadOnlyList<string> FindMissing() =>
        InstalledPrograms.FindMissing(("setpriv", "util-linux"), ("setsid", "util-linux"), ("flock", "util-linux"), ("mkfifo", "coreutils"), ("awk", "mawk"));

    /// <summary>A data folder of Postgres that no later server will use.</summary>
    public string AbandonedData { get; init; } = "";

    /// <summary>The process to start.</summary>
    /// <param name="container">The container.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="image">The image, whose scripts are put into the folder.</param>
    /// <param name="command">The image's default command.</param>
    /// <param name="settings">The environment of the service, the stand-in's own settings included.</param>
    /// <param name="workingDirectory">The service's working directory.</param>
    public ProcessLaunch Launch(
        ContainerLaunch container,
        ContainerFolder folder,
        string image,
        string[] command,
        IReadOnlyDictionary<string, string> settings,
        string workingDirectory)
    {
        var supervise = WriteScript("supervise.sh", folder.Root);
        WriteScripts(image, folder.Bin);

        Dictionary<string, string> environment = new(settings)
        {
            ["PATH"] = $"{folder.Bin}:{settings.GetValueOrDefault("PATH", InstalledPrograms.SearchPath)}",
            ["STANDIN_FOLDER"] = folder.Root,
        };
        var arguments = container.Entrypoint is null && container.Arguments.Count == 0
            ? command
            : container.Arguments.Select(folder.Paths.MapArgument);

        return new ProcessLaunch(
            InstalledPrograms.Get("setpriv"),
            [
                "--pdeathsig", "USR1", "--", "/bin/sh", supervise, StopSignal, HardSignal, folder.Run, Path.GetFileName(Program), AbandonedData,
                FindEntrypoint(container.Entrypoint, folder), .. arguments,
            ],
            environment,
            workingDirectory);
    }

    private static string FindEntrypoint(string? entrypoint, ContainerFolder folder)
    {
        var name = entrypoint is null ? "docker-entrypoint.sh" : Path.GetFileName(entrypoint);
        if (File.Exists(Path.Combine(folder.Bin, name)))
        {
            return Path.Combine(folder.Bin, name);
        }

        var path = entrypoint!.StartsWith('/') ? folder.Paths.Find(entrypoint) ?? entrypoint : InstalledPrograms.Find(entrypoint);
        return path is not null && InstalledPrograms.IsProgram(path)
            ? path
            : throw new InvalidOperationException($"The entrypoint {entrypoint} is no program of the image that its stand-in knows, nor of this machine.");
    }

    private static void WriteScripts(string image, string folder)
    {
        var prefix = image + "/";
        foreach (var resource in typeof(Supervision).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            WriteScript(resource, folder);
        }
    }

    private static string WriteScript(string resource, string folder)
    {
        var path = Path.Combine(folder, Path.GetFileName(resource));
        using (var source = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!)
        using (var target = File.Create(path))
        {
            source.CopyTo(target);
        }

        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }
}
