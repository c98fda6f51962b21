namespace NeuroCred.Benchmarks.Simulation;

/// <summary>Plays a scenario, event by event. The same scenario always ends the same.</summary>
internal static class Simulator
{
    // Each on a network of its own.
    private const int Clients = 1000;

    /// <summary>Plays it until every request has ended.</summary>
    public static SimulationResult Run(Scenario scenario)
    {
        var events = new EventQueue();
        var random = new RandomSource(scenario.Seed);
        var result = new SimulationResult(scenario.WarmUp);
        SimulatedReplica[] replicas = [.. scenario.Replicas.Select(server => new SimulatedReplica(server, events, random))];
        SimulatedGateway[] gateways =
        [
            .. Enumerable
                .Range(0, scenario.Gateways)
                .Select(_ => new SimulatedGateway(
                    scenario.Policy,
                    Balancers.Create(scenario.Algorithm, replicas.Length, random),
                    replicas,
                    events,
                    result
                )),
        ];
        (ClientNetwork Network, SimulatedGateway Gateway)[] clients =
        [
            .. Enumerable.Range(0, Clients).Select(_ => (ClientNetwork.Draw(random), gateways[random.Next(gateways.Length)])),
        ];
        foreach (var outage in scenario.Outages)
        {
            Plan(outage, replicas[outage.Replica], scenario, events);
        }

        foreach (var slowdown in scenario.Slowdowns)
        {
            events.At(slowdown.At, () => replicas[slowdown.Replica].Slow(slowdown.Delay));
        }

        Arrive(0);
        events.Run();
        return result;

        void Arrive(int number)
        {
            if (number == scenario.Requests)
            {
                return;
            }

            events.At(
                events.Now + scenario.Interarrival(random),
                () =>
                {
                    var (network, gateway) = clients[random.Next(clients.Length)];
                    var request = new SimulatedRequest(number, network, events.Now);
                    result.Arrive(request);
                    gateway.Send(request);
                    Arrive(number + 1);
                }
            );
        }
    }

    private static void Plan(Outage outage, SimulatedReplica replica, Scenario scenario, EventQueue events)
    {
        var end = outage.At;
        if (outage.Hangs)
        {
            // The supervisor's probes, from when it hangs: each is sent an interval after the one before, and the last one missed ends it.
            var liveness = scenario.Policy.Health.Liveness;
            events.At(outage.At, replica.Hang);
            end += (liveness.UnhealthyThreshold * liveness.Interval.TotalSeconds) + liveness.Timeout.TotalSeconds;
        }

        events.At(end, replica.End);
        events.At(end + outage.Restart, replica.Start);
    }
}
