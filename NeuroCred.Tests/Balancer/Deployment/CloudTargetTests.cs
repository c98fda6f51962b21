using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Kubernetes;
using NeuroCred.Balancer.Policy;
using NeuroCred.Balancer.Railway;
using NeuroCred.Balancer.Render;

namespace NeuroCred.Tests.Balancer.Deployment;

/// <summary>What holds for each of the platforms that others run, whatever the policy holds that means something in their
/// languages.</summary>
public sealed class CloudTargetTests
{
    private static readonly DeploymentPlan s_default = new() { Policy = new() };

    // Text that would be something else in YAML, HCL or TypeScript than it is meant to be.
    private const string Hostile = """
        a: "b" '${c}' %{d} {{e}} `f` #g \h
        """;

    private static readonly IReadOnlyDictionary<string, BalancingPolicy> s_policies = new Dictionary<string, BalancingPolicy>
    {
        ["defaults"] = new(),
        ["ip_hash"] = new() { Algorithm = BalancingAlgorithm.IpHash },
        ["everything"] = new()
        {
            Algorithm = BalancingAlgorithm.CookieHash,
            ServerName = Hostile,
            TrustedNetworks = ["10.0.0.0/8"],
            Tls = new() { RedirectHttp = true, HstsMaxAge = TimeSpan.FromDays(365) },
            Limits = new() { RequestsPerSecond = 100 },
            Retries = new() { Conditions = [] },
            Scaling = new()
            {
                MinReplicas = 1000,
                MaxReplicas = 1000,
                CpuPercent = 1,
                MemoryPercent = 90,
                QueueLength = 10_000,
            },
            Draining = new() { Grace = TimeSpan.FromSeconds(60), Timeout = TimeSpan.FromHours(1) },
            Timeouts = new() { Read = TimeSpan.FromMinutes(59), Stream = TimeSpan.FromDays(1) },
            Health = new()
            {
                Liveness = new()
                {
                    Path = "/live",
                    Interval = TimeSpan.FromMilliseconds(100),
                    Timeout = TimeSpan.FromMilliseconds(1),
                    HealthyThreshold = 10,
                    UnhealthyThreshold = 1,
                },
                Readiness = new()
                {
                    Path = "/ready",
                    Interval = TimeSpan.FromMilliseconds(1500),
                    Timeout = TimeSpan.FromMilliseconds(1500),
                    HealthyThreshold = 1,
                    UnhealthyThreshold = 1,
                },
            },
        },
    };

    /// <summary>The platforms.</summary>
    private static readonly IDeploymentTarget[] s_all = [new KubernetesTarget(), new AlbTarget(), new RenderTarget(), new RailwayTarget()];

    public static TheoryData<string> Targets { get; } = [.. s_all.Select(target => target.Name)];

    public static MatrixTheoryData<string, string> Cases { get; } = new(s_all.Select(target => target.Name), s_policies.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_setting_is_explained_once_and_in_order(string name, string policy)
    {
        var explanations = Find(name).Explain(s_policies[policy]);

        Assert.Equal(PolicyKeys.All, explanations.Select(explanation => explanation.Key));
        Assert.All(explanations, explanation => Assert.False(string.IsNullOrWhiteSpace(explanation.Expression), explanation.Key));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_policy_gives_the_same_files_each_saying_that_it_is_generated(string name, string policy)
    {
        var plan = s_default with { Policy = s_policies[policy] };
        var files = Find(name).Render(plan);

        Assert.Equal(files, Find(name).Render(plan));
        Assert.Equal(files.Count, files.DistinctBy(file => file.Path).Count());
        Assert.All(
            files,
            file =>
            {
                Assert.Contains(GeneratedMark.Text, string.Join('\n', file.Content.Split('\n').Take(2)), StringComparison.Ordinal);
                Assert.EndsWith("\n", file.Content, StringComparison.Ordinal);
                Assert.DoesNotContain('\r', file.Content);
                Assert.DoesNotContain(file.Content.Split('\n'), line => line != line.TrimEnd());
            }
        );
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_policy_that_no_balancer_could_follow_is_refused_with_every_error(string name)
    {
        var plan = s_default with
        {
            Policy = new()
            {
                ServerName = "a\nb",
                Scaling = new() { CpuPercent = 0 },
            },
        };

        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => Find(name).Render(plan)).Failures.Count());
    }

    private static IDeploymentTarget Find(string name) => s_all.First(target => target.Name == name);
}
