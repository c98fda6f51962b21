namespace Aspire.Hosting.Processes.StandIns;

/// <summary>The user that a service becomes when the AppHost runs as root.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Group">The name of its primary group.</param>
internal sealed record ServiceUser(string Name, string Group)
{
    /// <summary>The first of these users that exists.</summary>
    public static ServiceUser? Find(params ReadOnlySpan<string> names)
    {
        var users = Read("/etc/passwd");
        foreach (var name in names)
        {
            if (users.FirstOrDefault(fields => fields[0] == name) is { Length: > 3 } user)
            {
                return new ServiceUser(
                    name,
                    Read("/etc/group").FirstOrDefault(fields => fields.Length > 2 && fields[2] == user[3])?[0] ?? user[3]
                );
            }
        }

        return null;
    }

    /// <summary>Fails when a folder above the path is closed to users other than its owner and group.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="purpose">What the path is, for the message: "the data folder".</param>
    public void RequireAccess(string path, string purpose)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
            {
                throw new InvalidOperationException(
                    $"The AppHost runs as root, so the service runs as user {Name}, and {purpose} {path} lies below {folder}, which "
                        + "is closed to it. "
                        + $"Choose another place, or run: chmod o+x {folder}"
                );
            }
        }
    }

    private static string[][] Read(string file) => File.Exists(file) ? [.. File.ReadLines(file).Select(line => line.Split(':'))] : [];
}
