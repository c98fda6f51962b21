namespace NeuroCred.Tests.Balancer.Nginx;

internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
        // nginx's workers are another user when the tests run as root, and must be able to pass through.
        =>
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public string Path { get; } = Directory.CreateTempSubdirectory("nginx-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
