using System.Globalization;
using NeuroCred.Balancer.Policy;
using NeuroCred.ServiceDefaults.Configuration;

namespace NeuroCred.Monitor.Configuration;

/// <summary>Reads <see cref="MonitorOptions"/> and reports every error at once, each with its key and how to fix it.</summary>
internal static class MonitorOptionsReader
{
    private const string AccessLogKey = "Monitor:AccessLog";
    private const string GatewayStatusKey = "Monitor:GatewayStatus";
    private const string ReplicasKey = "Monitor:Replicas";
    private const string WindowKey = "Monitor:Window";
    private const string ObjectiveKey = "Monitor:LatencyObjective";

    /// <exception cref="InvalidConfigurationException">Something is missing or wrong.</exception>
    public static MonitorOptions Read(IConfiguration configuration)
    {
        List<string> errors = [];
        var defaults = new { Window = TimeSpan.FromSeconds(10), Objective = TimeSpan.FromMilliseconds(100) };
        var accessLog = ReadAccessLog(configuration, errors);
        var status = ReadUrl(configuration, GatewayStatusKey, "the address at which the gateway answers stub_status, such as http://localhost:8081/nginx-status", errors);
        var replicas = ReadReplicas(configuration.GetSection(ReplicasKey), errors);
        var window = ReadDuration(configuration, WindowKey, defaults.Window, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), errors);
        if (window.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            errors.Add($"{WindowKey} is '{configuration[WindowKey]}': give whole seconds, such as 10s.");
        }

        var objective = ReadDuration(configuration, ObjectiveKey, defaults.Objective, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), errors);
        var policy = PolicyReader.Read(configuration, out var policyErrors);
        errors.AddRange(policyErrors);
        return errors.Count > 0
            ? throw new InvalidConfigurationException(errors)
            : new()
            {
                AccessLog = accessLog,
                GatewayStatus = status!,
                Replicas = replicas,
                Policy = policy,
                Window = window,
                LatencyObjective = objective,
            };
    }

    private static string ReadAccessLog(IConfiguration configuration, List<string> errors)
    {
        var path = configuration[AccessLogKey] ?? "";
        if (!Path.IsPathFullyQualified(path))
        {
            errors.Add($"{AccessLogKey} is {Show(path)}. Set it (as a variable: {Variable(AccessLogKey)}) to the absolute path of the file that nginx writes its access log to.");
        }

        return path;
    }

    private static List<MonitoredReplica> ReadReplicas(IConfigurationSection section, List<string> errors)
    {
        List<MonitoredReplica> replicas = [];
        HashSet<string> names = [];
        var given = section.GetChildren().ToList();
        if (given.Count == 0)
        {
            var first = Variable($"{ReplicasKey}:0:");
            errors.Add($"{ReplicasKey} names no replica. Set {first}Name, {first}Url and {first}ManagementUrl, and so on for each one.");
        }

        foreach (var replica in given)
        {
            var name = replica["Name"]?.Trim() ?? "";
            if (name.Length == 0)
            {
                errors.Add($"{replica.Path}:Name is missing: give the replica's name, such as api-1.");
            }
            else if (!names.Add(name))
            {
                errors.Add($"{replica.Path}:Name is '{name}', as another one's: give each replica a name of its own.");
            }

            var url = ReadUrl(replica, "Url", "the replica's own address, such as http://localhost:4001", errors);
            var management = ReadUrl(
                replica, "ManagementUrl", "the address of the replica's management port, such as http://localhost:4101", errors);
            if (url is not null && management is not null)
            {
                replicas.Add(new(name, url, management));
            }
        }

        return replicas;
    }

    private static Uri? ReadUrl(IConfiguration configuration, string key, string expected, List<string> errors)
    {
        var text = configuration[key] ?? "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
        {
            return url;
        }

        errors.Add($"{(configuration is IConfigurationSection section ? $"{section.Path}:{key}" : key)} is {Show(text)}: give {expected}.");
        return null;
    }

    private static TimeSpan ReadDuration(
        IConfiguration configuration, string key, TimeSpan byDefault, TimeSpan least, TimeSpan most, List<string> errors)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return byDefault;
        }

        if (Durations.TryParse(text, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is '{text}': give a duration from {Durations.Show(least)} to {Durations.Show(most)}, such as {Durations.Show(byDefault)}."));
        return byDefault;
    }

    private static string Show(string text) => text.Length == 0 ? "missing" : $"'{text}'";

    private static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
