namespace NeuroCred.Tests;

/// <summary>A folder that is removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
        // Postgres and nginx's workers are another user when the tests run as root, and must be able to pass through.
        =>
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public string Path { get; } = Directory.CreateTempSubdirectory("neurocred-test-").FullName;

    /// <summary>The path of what is in it.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, in the folders of its name. A script may be run.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        if (text.StartsWith("#!", StringComparison.Ordinal))
        {
            File.SetUnixFileMode(At(name), File.GetUnixFileMode(At(name)) | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
