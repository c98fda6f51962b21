namespace Aspire.Hosting.Processes.StandIns.Postgres;

/// <summary>
/// Runs the postgres image as this machine's PostgreSQL, whatever its version from 13 on. Postgres refuses to run as root: there it runs as
/// user postgres, or nobody, who gets the data folder. Text sorts by code point (C.UTF-8), where the image has en_US.utf8.
/// </summary>
internal sealed class PostgresStandIn : IStandIn
{
    private const int TargetPort = 5432;

    public string Image => "postgres";

    public IReadOnlyList<string> FindMissing() =>
        [
            .. PostgresInstallation.FindAll().Count > 0
                ? Array.Empty<string>()
                : [$"PostgreSQL {PostgresInstallation.OldestMajor} or newer is missing: install the package postgresql."],
            .. Environment.IsPrivilegedProcess && FindUser() is null
                ?
                [
                    "Postgres cannot run as root, and there is neither a user postgres nor a user nobody: install the package "
                        + "postgresql-common.",
                ]
                : Array.Empty<string>(),
        ];

    public async Task<ProcessLaunch> PrepareAsync(ContainerLaunch container)
    {
        ContainerFolder folder = new(container);
        folder.CopyIn("/docker-entrypoint-initdb.d");
        var data = PostgresDataFolder.Find(container, folder, PostgresInstallation.FindAll());
        ContainerFolder.Create(data.Path);
        File.SetUnixFileMode(folder.Run, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var user = Environment.IsPrivilegedProcess ? FindUser() : null;
        user?.RequireAccess(data.Path, "the data folder");
        user?.RequireAccess(folder.Bin, "the session folder");

        await ListeningPorts.WaitUntilFreeAsync(container).ConfigureAwait(false);

        var environment = EnvironmentFiles.Resolve(
            container.Environment,
            folder.Paths,
            "POSTGRES_USER",
            "POSTGRES_PASSWORD",
            "POSTGRES_DB",
            "POSTGRES_INITDB_ARGS"
        );
        var isDurable = !data.Path.StartsWith(folder.Root + "/", StringComparison.Ordinal);
        environment["PGDATA"] = data.Path;
        environment["HOME"] = folder.Run;
        environment.TryAdd("LC_ALL", "C.UTF-8");
        environment["STANDIN_PROGRAMS"] = data.Server.Programs;
        environment["STANDIN_USER"] = user?.Name ?? "";
        environment["STANDIN_GROUP"] = user?.Group ?? "";
        environment["STANDIN_DURABLE"] = isDurable ? "yes" : "";
        environment["STANDIN_ADDRESSES"] = string.Join(',', ListeningPorts.Addresses(container));
        environment["STANDIN_PORT"] = $"{ListeningPorts.For(container, TargetPort)}";

        // INT is a server's fast shutdown, QUIT its immediate one; TERM would wait for every client.
        Supervision supervision = new(Path.Combine(data.Server.Programs, "postgres"), "INT", "QUIT")
        {
            AbandonedData = isDurable ? Path.Combine(data.Path, ".initializing") : data.Path,
        };
        return supervision.Launch(container, folder, ["postgres"], environment, folder.Run);
    }

    private static ServiceUser? FindUser() => ServiceUser.Find("postgres", "nobody");
}
