using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>While a replica is down, another program wants its port.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class StrangerOnPortTests(RunningSystem system, ITestOutputHelper output)
{
    private const string Stopped = "api-2";
    private const int RequestsPerSecond = 50;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Another_program_cannot_take_the_port_of_a_replica_that_is_down_and_gets_no_request()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(s_deadline);
        var port = system.AddressOf(Stopped).Port;
        using var client = new OpenLoopClient(system.Gateway, Connections.KeepAlive, RequestsPerSecond, new Workload($"stranger {Guid.NewGuid():N}", Workload.AddressOf("nobody")).NextWrite);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token);
        var running = client.RunAsync(stop.Token);
        try
        {
            await system.ExecuteAsync(Stopped, KnownResourceCommands.StopCommand);

            // As servers do: on each of the addresses, whatever lingers of the connections before.
            foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.Any, IPAddress.IPv6Loopback, IPAddress.IPv6Any])
            {
                using var stranger = new TcpListener(address, port);
                Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(stranger.Start).SocketErrorCode);
            }
        }
        finally
        {
            await system.ExecuteAsync(Stopped, KnownResourceCommands.StartCommand);
        }

        await system.WaitUntilServingAsync(Stopped, timeout.Token);
        await stop.CancelAsync();
        var outcomes = await running;
        await system.ReportFailuresAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.All(outcomes, o => Assert.Contains(o.Replica, RunningSystem.Replicas));
    }
}
