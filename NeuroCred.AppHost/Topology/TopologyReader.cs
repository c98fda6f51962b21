using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost;

/// <summary>Reads the topology, and the policy with it, from the configuration, and names every mistake in it.</summary>
internal sealed class TopologyReader(IConfiguration configuration)
{
    private const int MaxReplicas = 20;
    private const int MinApiKeyLength = 8;

    private readonly List<string> _errors = [];

    /// <summary>What is wrong: a sentence each, naming the key and the fix.</summary>
    internal IReadOnlyList<string> Errors => _errors;

    /// <summary>Reads the topology. A value that is wrong counts as not given, so that the model can be built and all errors told at once.</summary>
    internal SystemTopology Read()
    {
        var gatewayPort = ReadGatewayPort("Gateway:Port", 8080);
        var gatewayHttpsPort = ReadGatewayPort("Gateway:HttpsPort", 8443);
        var count = ReadNumber("Api:Replicas", 3, 1, MaxReplicas, "how many replicas to start");
        var basePort = ReadNumber("Api:BasePort", 4001, 0, ushort.MaxValue - MaxReplicas, "the first replica's port, or 0 for any free ones");
        var host = ReadHost();
        var isSupervised = ReadFlag("Supervisor:Enabled", true, "to have what hangs or ends by itself started again");
        CheckApiKey();
        CheckReplicaPorts("Gateway:Port", gatewayPort, basePort, count);
        CheckReplicaPorts("Gateway:HttpsPort", gatewayHttpsPort, basePort, count);
        if (gatewayPort is not null && gatewayPort == gatewayHttpsPort)
        {
            _errors.Add(string.Create(CultureInfo.InvariantCulture, $"Gateway:HttpsPort is {gatewayHttpsPort}, and so is Gateway:Port: give each a port of its own."));
        }

        var policy = PolicyReader.Read(configuration, out var policyErrors);
        _errors.AddRange(policyErrors);
        return new(
            gatewayPort,
            gatewayHttpsPort,
            host,
            [.. Enumerable.Range(0, count).Select(i => new Replica(string.Create(CultureInfo.InvariantCulture, $"api-{i + 1}"), basePort == 0 ? null : basePort + i))],
            isSupervised,
            policyErrors is [] ? policy : new());
    }

    private int? ReadGatewayPort(string key, int @default)
        => ReadNumber(key, @default, 0, ushort.MaxValue, "a port, or 0 for any free one") is var port and > 0 ? port : null;

    private void CheckReplicaPorts(string key, int? port, int basePort, int count)
    {
        if (basePort > 0 && port >= basePort && port < basePort + count)
        {
            _errors.Add(string.Create(CultureInfo.InvariantCulture,
                $"{key} is {port}, which api-{port - basePort + 1} would take: with Api:BasePort {basePort} and Api:Replicas {count}, give a port outside {basePort} to {basePort + count - 1}."));
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

    // The replicas refuse to start without a usable key; said here, it is said once and before anything starts.
    private void CheckApiKey()
    {
        if (configuration["Parameters:apikey"] is { } key && (key.Length < MinApiKeyLength || key.Any(c => c is <= ' ' or > '~')))
        {
            _errors.Add($"Parameters:apikey is not usable: give at least {MinApiKeyLength} printable ASCII characters, or nothing to have one generated.");
        }
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
