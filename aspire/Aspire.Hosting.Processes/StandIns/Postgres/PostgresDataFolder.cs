using System.Globalization;

namespace Aspire.Hosting.Processes.StandIns.Postgres;

/// <summary>Where the data of a container is, and which server reads it.</summary>
internal sealed record PostgresDataFolder(string Path, PostgresInstallation Server)
{
    // Up to version 17 the image's volume is the data folder. From 18 on it is the folder above, with one per version in it.
    private const string Volume = "/var/lib/postgresql/data";
    private const string VersionedVolume = "/var/lib/postgresql";

    /// <summary>
    /// Finds the folder: <c>PGDATA</c>, or a mount at either of the image's volumes, or else a folder that is thrown away. Data of
    /// another major version is read by that version's server, if it is installed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The data is of a version that no installed server reads.</exception>
    public static PostgresDataFolder Find(ContainerLaunch container, ContainerFolder folder, IReadOnlyList<PostgresInstallation> servers)
    {
        if (container.Environment.TryGetValue("PGDATA", out var configured))
        {
            return Open(folder.Paths.Find(configured) ?? folder.Data, servers);
        }

        if (folder.Paths.Find(Volume) is { } mounted && container.Mounts.Any(mount => mount.Target.TrimEnd('/') == Volume))
        {
            return Open(mounted, servers);
        }

        if (folder.Paths.Find(VersionedVolume) is not { } versions)
        {
            return new PostgresDataFolder(folder.Data, servers[0]);
        }

        // Newest data first: a server that was upgraded leaves the old folder behind.
        var existing = Directory
            .EnumerateDirectories(versions)
            .Select(version => System.IO.Path.Combine(version, "docker"))
            .Where(data => ReadMajor(data) is not null)
            .OrderByDescending(ReadMajor)
            .FirstOrDefault();
        return Open(existing ?? System.IO.Path.Combine(versions, $"{servers[0].Major}", "docker"), servers);
    }

    private static PostgresDataFolder Open(string path, IReadOnlyList<PostgresInstallation> servers)
    {
        var major = ReadMajor(path);
        var server = major is null ? servers[0] : servers.FirstOrDefault(server => server.Major == major);
        return server is not null
            ? new PostgresDataFolder(path, server)
            : throw new InvalidOperationException(
                $"The data folder {path} was made by PostgreSQL {major}, and this machine has PostgreSQL "
                    + $"{string.Join(", ", servers.Select(server => server.Major))}, "
                    + $"which cannot read it. Install the package postgresql-{major}, or keep what you need (pg_dump) and remove the "
                    + "folder or use another volume."
            );
    }

    private static int? ReadMajor(string path)
    {
        var file = System.IO.Path.Combine(path, "PG_VERSION");
        try
        {
            // Until PG_VERSION is there, the folder holds no database; see docker-entrypoint.sh.
            return int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                ? major
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InvalidOperationException(
                $"The data folder {path} belongs to another user: was the AppHost started as root before? Use another volume, or "
                    + "give the folder to this user.",
                exception
            );
        }
    }
}
