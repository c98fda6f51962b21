using System.Diagnostics;
using System.Net.NetworkInformation;

namespace NeuroCred.AppHost.Topology;

/// <summary>Finds ports of the topology that other programs have, which nginx or a replica would only tell of in its own log.</summary>
internal static class PortsInUse
{
    // A run that was just ended takes up to 7 s to leave its ports.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits a moment for ports that are in use, and names those that stay so: a sentence each, with the key and the fix.
    /// </summary>
    internal static async Task<IReadOnlyList<string>> FindErrorsAsync(SystemTopology topology, CancellationToken cancellationToken)
    {
        var wanted = GetPorts(topology).ToArray();
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(s_interval, cancellationToken))
        {
            var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
            string[] errors =
            [
                .. from port in wanted
                where listeners.Contains(port.Number)
                select $"Port {port.Number}, for {port.Owner}, is in use by another program: stop that one, or give another {port.Key}.",
            ];
            if (errors is [] || waited.Elapsed > s_timeout)
            {
                return errors;
            }
        }
    }

    private static IEnumerable<(int Number, string Owner, string Key)> GetPorts(SystemTopology topology)
    {
        (int? Number, string Owner, string Key)[] ports =
        [
            (topology.GatewayPort, "'gateway'", "Gateway:Port"),
            (topology.GatewayHttpsPort, "'gateway'", "Gateway:HttpsPort"),
            (topology.MonitorPort, "'monitor'", "Monitor:Port"),
            .. topology.Replicas.Select(r => (r.Port, $"'{r.Name}'", "Api:BasePort")),
            .. topology.Replicas.Select(r => (r.ManagementPort, $"the management of '{r.Name}'", "Api:BasePort")),
        ];
        return from port in ports let number = port.Number.GetValueOrDefault() where number > 0 select (number, port.Owner, port.Key);
    }
}
