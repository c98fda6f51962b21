namespace NeuroCred.Tests.WholeSystem;

/// <summary>One of three replicas misbehaves while clients keep calling.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class FaultyReplicaTests(RunningSystem system, FaultyReplicaOfSystem faulty, ITestOutputHelper output)
    : IClassFixture<FaultyReplicaOfSystem>
{
    private const int RequestsPerSecond = 50;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(90);

    // The read timeout of the gateway, and the answer of the next replica.
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task One_that_accepts_and_never_answers_costs_no_request() =>
        AssertNoneFailed(await CallWhileAsync(Misbehaviours.NeverAnswerAsync, s_duration));

    [Fact]
    public async Task One_that_resets_before_a_response_costs_no_request() =>
        AssertNoneFailed(await CallWhileAsync(Misbehaviours.ResetBeforeResponseAsync, s_duration));

    [Fact]
    public async Task One_that_answers_with_a_broken_header_costs_no_request() =>
        AssertNoneFailed(await CallWhileAsync(Misbehaviours.AnswerGarbage("HTTP/1.1 200 OK\r\nthis is no header\0\r\n\r\n"), s_duration));

    [Fact]
    public async Task One_that_resets_in_the_middle_of_a_response_costs_that_response_and_its_write_is_stored_once()
    {
        var outcomes = await CallWhileAsync(Misbehaviours.ResetInResponseAsync, TimeSpan.FromSeconds(1));

        // The first half has reached the client by then, so there is no other attempt; nothing else may be lost.
        Assert.All(outcomes.Where(o => o.Failed), o => Assert.Null(o.Replica));
        Assert.InRange(outcomes.Count(o => o.Failed), 1, outcomes.Count / 2);
        await system.AssertStoredOnceAsync([.. outcomes.Select(o => o with { Error = null })]);
    }

    [Fact]
    public async Task One_that_is_slow_costs_no_request_and_gets_fewer()
    {
        var outcomes = await CallWhileAsync(Misbehaviours.AnswerLate(TimeSpan.FromMilliseconds(500)), 2 * s_duration);

        AssertNoneFailed(outcomes);
        var share = outcomes.Count(o => o.Replica == FaultyReplicaOfSystem.Name) / (double)outcomes.Count;
        output.WriteLine($"The slow one answered {share:P0}.");
        // Each of its answers takes as long as 25 requests take to arrive: round robin would send it a third of them.
        Assert.InRange(share, 0.001, 0.2);
    }

    private static void AssertNoneFailed(IReadOnlyList<Outcome> outcomes)
    {
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.DoesNotContain(outcomes, o => o.Latency > s_slowest);
    }

    private async Task<IReadOnlyList<Outcome>> CallWhileAsync(Misbehaviour misbehaviour, TimeSpan duration)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_deadline);
        await system.WaitUntilServingAsync(FaultyReplicaOfSystem.Name, timeout.Token);
        faulty.Program.Misbehaviour = misbehaviour;
        try
        {
            return await CallAsync(duration, timeout.Token);
        }
        finally
        {
            faulty.Program.Misbehaviour = null;
        }
    }

    private async Task<IReadOnlyList<Outcome>> CallAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var seed = $"faulty {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(system.AddressOf("api-1"), seed, cancellationToken);
        using var client = new OpenLoopClient(system.Gateway, Connections.KeepAlive, RequestsPerSecond, new Workload(seed, wallet).Next);
        var outcomes = await client.RunWhileAsync(() => Task.Delay(duration, cancellationToken));
        await system.ReportAsync(outcomes, output);
        return outcomes;
    }
}
