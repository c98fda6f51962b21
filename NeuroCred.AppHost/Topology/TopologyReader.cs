using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost;

/// <summary>Reads the topology, and the policy with it, from the configuration, and names every mistake in it.</summary>
internal sealed class TopologyReader(IConfiguration configuration)
{
    private const string GatewayPortKey = "Gateway:Port";
    private const string GatewayHttpsPortKey = "Gateway:HttpsPort";
    private const string MonitorPortKey = "Monitor:Port";
    private const int MaxReplicas = 20;

    private readonly List<string> _errors = [];

    /// <summary>What is wrong: a sentence each, naming the key and the fix.</summary>
    internal IReadOnlyList<string> Errors => _errors;

    /// <summary>Reads the topology. A value that is wrong counts as not given, so that the model can be built and all errors told at once.</summary>
    internal SystemTopology Read()
    {
        var gatewayPort = ReadPort(GatewayPortKey, 8080);
        var gatewayHttpsPort = ReadPort(GatewayHttpsPortKey, 8443);
        var monitorPort = ReadPort(MonitorPortKey, 8090);
        var count = ReadNumber("Api:Replicas", 3, 1, MaxReplicas, "how many replicas to start");
        var basePort = ReadNumber(
            "Api:BasePort", 4001, 0, ushort.MaxValue - MaxReplicas - Replica.ManagementOffset, "the first replica's port, or 0 for any free ones");
        var host = ReadHost();
        var isSupervised = ReadFlag("Supervisor:Enabled", true, "to have what hangs or ends by itself started again");
        var showsKey = ReadFlag("Api:ShowKey", false, "to have the key for writes on the console in clear");
        _errors.AddRange(SecretChecks.FindErrors(configuration));
        CheckReplicaPorts(GatewayPortKey, gatewayPort, basePort, count);
        CheckReplicaPorts(GatewayHttpsPortKey, gatewayHttpsPort, basePort, count);
        CheckReplicaPorts(MonitorPortKey, monitorPort, basePort, count);
        CheckDistinct(GatewayHttpsPortKey, gatewayHttpsPort, GatewayPortKey, gatewayPort);
        CheckDistinct(MonitorPortKey, monitorPort, GatewayPortKey, gatewayPort);
        CheckDistinct(MonitorPortKey, monitorPort, GatewayHttpsPortKey, gatewayHttpsPort);

        var policy = PolicyReader.Read(configuration, out var policyErrors);
        _errors.AddRange(policyErrors);
        return new(
            gatewayPort,
            gatewayHttpsPort,
            monitorPort,
            host,
            [.. Enumerable.Range(0, count).Select(i => new Replica(string.Create(CultureInfo.InvariantCulture, $"api-{i + 1}"), basePort == 0 ? null : basePort + i))],
            isSupervised,
            showsKey,
            policyErrors is [] ? policy : new(),
            ReadFlag("Api:HoldPorts", true, "to keep other programs off the ports of replicas that are down"));
    }

    private void CheckDistinct(string key, int? port, string otherKey, int? other)
    {
        if (port is not null && port == other)
        {
            _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is {port}, and so is {otherKey}: give each a port of its own."));
        }
    }

    private int? ReadPort(string key, int @default)
        => ReadNumber(key, @default, 0, ushort.MaxValue, "a port, or 0 for any free one") is var port and > 0 ? port : null;

    private void CheckReplicaPorts(string key, int? port, int basePort, int count)
    {
        foreach (var first in basePort > 0 ? (int[])[basePort, basePort + Replica.ManagementOffset] : [])
        {
            if (port >= first && port < first + count)
            {
                _errors.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{key} is {port}, which api-{port - first + 1} would take: with Api:BasePort {basePort} and Api:Replicas {count}, "
                        + $"give a port outside {first} to {first + count - 1}."));
            }
        }
    }

    private int ReadNumber(string key, int @default, int least, int most, string meaning)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return @default;
        }

        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is '{text}': give {meaning}, {least} to {most}."));
        return @default;
    }

    private bool ReadFlag(string key, bool @default, string meaning)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return @default;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        _errors.Add($"{key} is '{text}': give true {meaning}, or false.");
        return @default;
    }

    private string ReadHost()
    {
        const string key = "Api:Host";
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return "localhost";
        }

        if (text == "localhost" || IPAddress.TryParse(text, out _))
        {
            return text;
        }

        _errors.Add($"{key} is '{text}': give localhost, or an IP address of this machine.");
        return "localhost";
    }
}
