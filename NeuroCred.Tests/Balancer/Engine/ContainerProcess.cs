using System.Globalization;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>A container's processes, seen from the machine: what happens to them is what a crash or the kernel does, not a command that the
/// engine obeys.</summary>
internal static class ContainerProcess
{
    /// <summary>The number that the container's first process has on the machine.</summary>
    public static async Task<int> GetPidAsync(string container) =>
        int.Parse(await DockerEngine.RunAsync("inspect", "--format", "{{.State.Pid}}", container), NumberStyles.None);

    /// <summary>The service that the container's first process watches.</summary>
    public static int FindService(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, NumberStyles.None))
            .First(child => File.ReadAllText($"/proc/{child}/comm").Trim() != "sleep");
}
