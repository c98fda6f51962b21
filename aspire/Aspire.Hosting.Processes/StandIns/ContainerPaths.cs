namespace Aspire.Hosting.Processes.StandIns;

/// <summary>Where the paths of a container are on this machine. Of two that contain a path, the longer one counts.</summary>
internal sealed class ContainerPaths
{
    private readonly Dictionary<string, string> _places = [];

    /// <summary>All mapped container paths and their places.</summary>
    public IReadOnlyDictionary<string, string> Places => _places;

    /// <summary>Says where a file or folder of the container is. A later place for the same path replaces the earlier one.</summary>
    public void Add(string containerPath, string place) => _places[Normalize(containerPath)] = place;

    /// <summary>The place of a container path, or null when it is none of the mapped ones and below none of them.</summary>
    public string? Find(string containerPath)
    {
        var path = Normalize(containerPath);
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_places.TryGetValue(path[..end], out var place))
            {
                return place + path[end..];
            }
        }

        return null;
    }

    /// <summary>
    /// An argument with the container path in it mapped: <c>/data/x</c>, <c>--config-file=/etc/x</c> or <c>config_file=/etc/x</c>. Any
    /// other argument is returned as it is.
    /// </summary>
    public string MapArgument(string argument)
    {
        var start = argument.StartsWith('/') ? 0 : argument.IndexOf("=/", StringComparison.Ordinal) + 1;
        return (start == 0 && !argument.StartsWith('/')) || Find(argument[start..]) is not { } place ? argument : argument[..start] + place;
    }

    private static string Normalize(string path) =>
        path.StartsWith('/')
            ? Path.GetFullPath(path).TrimEnd('/')
            : throw new ArgumentException($"{path} is not an absolute container path.", nameof(path));
}
