using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Alb;

/// <summary>What a task gets: Fargate has certain sizes only.
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html</summary>
/// <param name="Cpu">Shares of a processor, 1024 of which are one.</param>
/// <param name="Memory">MiB.</param>
internal sealed record FargateSize(int Cpu, int Memory)
{
    private const int Gibibyte = 1024;

    // Shares, least and most memory in GiB, and its steps. The smallest could have half a GiB too, in which the runtime would be cramped.
    private static readonly (int Cpu, int Least, int Most, int Step)[] s_sizes =
    [
        (256, 1, 2, 1),
        (512, 1, 4, 1),
        (1024, 2, 8, 1),
        (2048, 4, 16, 1),
        (4096, 8, 30, 1),
        (8192, 16, 60, 4),
        (16384, 32, 120, 8),
    ];

    /// <summary>The smallest that holds what a replica asks for of a processor, and what it may use of memory: a task has no more than it
    /// asked for.</summary>
    internal static FargateSize Of(ReplicaResources resources)
    {
        var cpu = (int)Math.Ceiling(resources.CpuMillicores * 1024 / 1000.0);
        var memory = (int)Math.Ceiling(resources.MemoryLimitMebibytes / (double)Gibibyte);
        var size = Array.Find(s_sizes, size => size.Cpu >= cpu && size.Most >= memory);
        if (size.Cpu == 0)
        {
            throw PolicyValidator.Invalid(DeploymentPlanReader.TooLarge(resources, "Fargate"));
        }

        var steps = (int)Math.Ceiling(Math.Max(0, memory - size.Least) / (double)size.Step);
        return new(size.Cpu, (size.Least + (steps * size.Step)) * Gibibyte);
    }
}
