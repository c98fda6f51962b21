using Microsoft.Extensions.Configuration;

namespace NeuroCred.Balancer.Policy;

/// <summary>Binds the policy from the section <see cref="BalancingPolicy.Section"/> of a configuration.</summary>
public static class PolicyReader
{
    /// <summary>Reads the policy.</summary>
    /// <param name="configuration">The configuration's root.</param>
    /// <param name="errors">Everything that is wrong, a sentence each, naming the key and the fix: values that cannot be read, keys that do not exist, values that do not work. Empty when all is well.</param>
    /// <returns>The policy, with the default in place of each value that could not be read.</returns>
    public static BalancingPolicy Read(IConfiguration configuration, out IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = new PolicySection(configuration);
        var policy = Read(section);
        errors = [.. section.GetErrors(), .. PolicyValidator.Validate(policy, $"{BalancingPolicy.Section}:")];
        return policy;
    }

    private static BalancingPolicy Read(PolicySection section)
    {
        var given = new BalancingPolicy();
        return new()
        {
            ServerName = section.Text("ServerName", given.ServerName)!,
            Algorithm = section.Choice("Algorithm", given.Algorithm, PolicyNames.Algorithms),
            TrustedNetworks = section.List("TrustedNetworks", given.TrustedNetworks),
            Upstream = new()
            {
                Name = section.Text("Upstream:Name", given.Upstream.Name)!,
                Port = section.Number("Upstream:Port", given.Upstream.Port),
            },
            Affinity = new()
            {
                Cookie = section.Text("Affinity:Cookie", given.Affinity.Cookie)!,
                Duration = section.Duration("Affinity:Duration", given.Affinity.Duration),
            },
            Health = new()
            {
                Liveness = ReadProbe(section, "Health:Liveness", given.Health.Liveness),
                Readiness = ReadProbe(section, "Health:Readiness", given.Health.Readiness),
            },
            Failures = new()
            {
                MaxFails = section.Number("Failures:MaxFails", given.Failures.MaxFails),
                FailTimeout = section.Duration("Failures:FailTimeout", given.Failures.FailTimeout),
            },
            Timeouts = new()
            {
                Connect = section.Duration("Timeouts:Connect", given.Timeouts.Connect),
                Send = section.Duration("Timeouts:Send", given.Timeouts.Send),
                Read = section.Duration("Timeouts:Read", given.Timeouts.Read),
                Stream = section.Duration("Timeouts:Stream", given.Timeouts.Stream),
                Client = section.Duration("Timeouts:Client", given.Timeouts.Client),
            },
            Retries = new()
            {
                Conditions = ReadConditions(section, given.Retries.Conditions),
                Tries = section.Number("Retries:Tries", given.Retries.Tries),
                TotalTime = section.Duration("Retries:TotalTime", given.Retries.TotalTime),
            },
            Holding = new()
            {
                Time = section.Duration("Holding:Time", given.Holding.Time),
                Limit = section.Number("Holding:Limit", given.Holding.Limit),
            },
            Keepalive = new()
            {
                Connections = section.Number("Keepalive:Connections", given.Keepalive.Connections),
                IdleTimeout = section.Duration("Keepalive:IdleTimeout", given.Keepalive.IdleTimeout),
            },
            Tls = new()
            {
                Certificate = section.Text("Tls:Certificate", given.Tls.Certificate),
                CertificateKey = section.Text("Tls:CertificateKey", given.Tls.CertificateKey),
                RedirectHttp = section.Flag("Tls:RedirectHttp", given.Tls.RedirectHttp),
                HstsMaxAge = section.Duration("Tls:HstsMaxAge", given.Tls.HstsMaxAge),
            },
            Limits = new()
            {
                MaxBodySize = section.Size("Limits:MaxBodySize", given.Limits.MaxBodySize),
                ConnectionsPerClient = section.Number("Limits:ConnectionsPerClient", given.Limits.ConnectionsPerClient),
                RequestsPerSecond = section.Number("Limits:RequestsPerSecond", given.Limits.RequestsPerSecond),
                Burst = section.Number("Limits:Burst", given.Limits.Burst),
            },
            Draining = new()
            {
                Grace = section.Duration("Draining:Grace", given.Draining.Grace),
                Timeout = section.Duration("Draining:Timeout", given.Draining.Timeout),
            },
            Scaling = new()
            {
                MinReplicas = section.Number("Scaling:MinReplicas", given.Scaling.MinReplicas),
                MaxReplicas = section.Number("Scaling:MaxReplicas", given.Scaling.MaxReplicas),
                CpuPercent = section.Number("Scaling:CpuPercent", given.Scaling.CpuPercent),
                MemoryPercent = section.Number("Scaling:MemoryPercent", given.Scaling.MemoryPercent),
                QueueLength = section.Number("Scaling:QueueLength", given.Scaling.QueueLength),
            },
        };
    }

    private static ProbePolicy ReadProbe(PolicySection section, string key, ProbePolicy given) => new()
    {
        Path = section.Text($"{key}:Path", given.Path)!,
        Interval = section.Duration($"{key}:Interval", given.Interval),
        Timeout = section.Duration($"{key}:Timeout", given.Timeout),
        HealthyThreshold = section.Number($"{key}:HealthyThreshold", given.HealthyThreshold),
        UnhealthyThreshold = section.Number($"{key}:UnhealthyThreshold", given.UnhealthyThreshold),
    };

    private static IReadOnlyList<RetryCondition> ReadConditions(PolicySection section, IReadOnlyList<RetryCondition> given)
    {
        const string key = "Retries:Conditions";
        var words = section.List(key, []);
        foreach (var word in words.Where(word => !PolicyNames.RetryConditions.ContainsKey(word)))
        {
            section.Report(key, $"has '{word}': use {string.Join(", ", PolicyNames.RetryConditions.Keys)}.");
        }

        return words is [] ? given : [.. words.Where(PolicyNames.RetryConditions.ContainsKey).Select(word => PolicyNames.RetryConditions[word])];
    }
}
