using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>While a replica is down, another program wants its port.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class StrangerOnPortTests(RunningSystem system, ITestOutputHelper output)
{
    private const string Stopped = "api-2";
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_replica_that_is_down_keeps_its_ports_and_no_other_program_gets_its_requests()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_deadline);
        int[] ports = [system.AddressOf(Stopped).Port, system.ManagementAddressOf(Stopped).Port];
        using var client = system.Writers("stranger");
        var outcomes = await client.RunWhileAsync(async () =>
        {
            try
            {
                await system.ExecuteAsync(Stopped, KnownResourceCommands.StopCommand);

                // The AppHost hears of the end a moment after the process ended.
                while (ports.Any(port => CanListen(IPAddress.Any, port)))
                {
                    await Task.Delay(20, timeout.Token);
                }

                Assert.All(
                    from address in (IPAddress[])[IPAddress.Loopback, IPAddress.Any, IPAddress.IPv6Loopback, IPAddress.IPv6Any]
                    from port in ports
                    select new IPEndPoint(address, port),
                    endpoint => Assert.False(CanListen(endpoint.Address, endpoint.Port), $"Another program can listen on {endpoint}.")
                );
            }
            finally
            {
                await system.ExecuteAsync(Stopped, KnownResourceCommands.StartCommand);
            }

            await system.WaitUntilServingAsync(Stopped, timeout.Token);
        });
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.All(outcomes, o => Assert.Contains(o.Replica, RunningSystem.Replicas));
    }

    /// <summary>Tries to listen as servers do, whatever lingers of the connections before.</summary>
    private static bool CanListen(IPAddress address, int port)
    {
        using var stranger = new TcpListener(address, port);
        try
        {
            stranger.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
