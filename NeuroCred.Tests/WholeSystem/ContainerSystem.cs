using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using NeuroCred.Tests.Balancer.Engine;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The whole system with Redis, Postgres and nginx as containers.</summary>
public sealed class ContainerSystem : RunningSystem
{
    private readonly List<string> _volumes = [];
    private string? _missing;

    /// <inheritdoc/>
    protected override string Runtime => "containers";

    /// <summary>Starts it where it can be.</summary>
    public override async ValueTask InitializeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        _missing =
            await new ContainerEngine("docker", deadline.Token).FindObstacleAsync()
            ?? await DockerEngine.FindMissingImageAsync("nginx:1.30", "postgres:18.3", "redis:8.6");
        if (_missing is null)
        {
            await base.InitializeAsync();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var volume in _volumes)
        {
            await DockerEngine.RunAsync("volume", "rm", "--force", volume);
        }
    }

    // A container that is stopped and started is another one, and gets another volume if its volume has no name.
    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationBuilder builder)
    {
        foreach (var resource in builder.Resources)
        {
            foreach (
                var mount in resource
                    .Annotations.OfType<ContainerMountAnnotation>()
                    .Where(m => m is { Type: ContainerMountType.Volume, Source: null })
                    .ToArray()
            )
            {
                _volumes.Add($"neurocred-test-{Guid.NewGuid():N}");
                resource.Annotations.Remove(mount);
                resource.Annotations.Add(
                    new ContainerMountAnnotation(_volumes[^1], mount.Target, ContainerMountType.Volume, mount.IsReadOnly)
                );
            }
        }
    }

    /// <summary>Skips the test, with the reason, where it could not be started.</summary>
    public ContainerSystem Require()
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        return this;
    }
}

/// <summary>The tests that share one running system on containers.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[NeedsEngine]
public sealed class SharedContainers : ICollectionFixture<ContainerSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The running system on containers";
}
