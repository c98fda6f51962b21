using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Another address opens very many connections, and sends a body on each, a byte every few seconds, without a key.</summary>
internal sealed class SlowBodies(SystemUnderTest system) : FaultRun(system)
{
    private const string Address = "127.0.0.2";
    private const string Begun = "POST /api/score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private Task _attack = Task.CompletedTask;

    public override Task StrikeAsync(CancellationToken cancellationToken)
    {
        _attack = AttackAsync(Gateway!.Port);
        return Task.CompletedTask;
    }

    protected override async Task UndoAsync()
    {
        await _stop.CancelAsync();
        await _attack;
        _stop.Dispose();
    }

    private async Task AttackAsync(int port)
    {
        using var client = new SlowClient(Address, port, SlowClient.ManyConnections);
        // A gateway that takes no more of them does not keep it from going on with those it has.
        var opening = client.OpenAsync(Begun, _stop.Token);
        try
        {
            while (true)
            {
                await Task.Delay(s_pause, _stop.Token);
                await client.SendByteAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
