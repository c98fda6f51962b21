namespace Aspire.Hosting.Processes.StandIns.Redis;

/// <summary>
/// Runs the redis image as this machine's redis-server. <c>/data</c> is its working directory: a mount, or a folder that is thrown away. It
/// runs as the AppHost's user, also as root, where the image would change to user redis: so a volume needs no owner of its own.
/// </summary>
internal sealed class RedisStandIn : IStandIn
{
    private const int TargetPort = 6379;
    private const string DataPath = "/data";

    public string Image => "redis";

    public IReadOnlyList<string> FindMissing() =>
        InstalledPrograms.FindMissing(("redis-server", "redis-server"), ("redis-cli", "redis-tools"));

    public async Task<ProcessLaunch> PrepareAsync(ContainerLaunch container)
    {
        ContainerFolder folder = new(container);
        if (folder.Paths.Find(DataPath) is not { } data)
        {
            data = folder.Data;
            folder.Paths.Add(DataPath, data);
        }

        await ListeningPorts.WaitUntilFreeAsync(container).ConfigureAwait(false);

        var program = InstalledPrograms.Get("redis-server");
        Dictionary<string, string> environment = new(container.Environment)
        {
            ["STANDIN_PROGRAM"] = program,
            ["STANDIN_CLIENT"] = InstalledPrograms.Get("redis-cli"),
            ["STANDIN_ADDRESSES"] = string.Join(' ', ListeningPorts.Addresses(container)),
            ["STANDIN_PORTS"] = Table(Ports(container)),
            ["STANDIN_PATHS"] = Table(folder.Paths.Places.Select(place => (place.Key, place.Value))),
        };
        return new Supervision(program, "TERM", "KILL").Launch(container, folder, ["redis-server"], environment, data);
    }

    private static IEnumerable<(string, string)> Ports(ContainerLaunch container) =>
        container.Ports.Count == 0
            ? [($"{TargetPort}", $"{TargetPort}")]
            : container.Ports.Select(port => ($"{port.TargetPort}", $"{port.ListenPort}"));

    private static string Table(IEnumerable<(string Key, string Value)> rows) =>
        string.Join('\n', rows.Select(row => $"{row.Key}\t{row.Value}"));
}
