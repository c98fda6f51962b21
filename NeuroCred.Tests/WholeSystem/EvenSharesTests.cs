namespace NeuroCred.Tests.WholeSystem;

/// <summary>Nothing is wrong.</summary>
[Collection(SharedObservedSystem.Name)]
[StartsProcesses]
public sealed class EvenSharesTests(ObservedSystem system)
{
    [Fact]
    public async Task Healthy_replicas_get_even_shares()
    {
        foreach (var replica in RunningSystem.Replicas)
        {
            await system.WaitUntilServingAsync(replica, Cancellation);
        }

        using var client = system.Writers("even");
        var outcomes = await client.RunWhileAsync(() => Task.Delay(TimeSpan.FromSeconds(6), Cancellation));

        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.All(
            RunningSystem.Replicas,
            replica => Assert.InRange(outcomes.Count(o => o.Replica == replica) / (double)outcomes.Count, 0.9 / 3, 1.1 / 3)
        );
    }
}
