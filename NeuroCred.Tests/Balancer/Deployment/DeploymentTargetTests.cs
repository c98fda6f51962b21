using Microsoft.Extensions.Options;
using NeuroCred.Balancer.CommandLine;
using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Deployment;

/// <summary>What holds for every platform, whatever the policy holds that means something in its language.</summary>
public sealed class DeploymentTargetTests
{
    // Text that would be something else in YAML, HCL or TypeScript than it is meant to be.
    private const string Hostile = """
        a: "b" '${c}' %{d} {{e}} `f` #g \h
        """;

    private static readonly IReadOnlyDictionary<string, BalancingPolicy> s_policies = new Dictionary<string, BalancingPolicy>
    {
        ["defaults"] = new(),
        ["ip_hash"] = new() { Algorithm = BalancingAlgorithm.IpHash },
        ["HTTPS"] = new()
        {
            Algorithm = BalancingAlgorithm.CookieHash,
            TrustedNetworks = ["10.0.0.0/8"],
            Tls = new()
            {
                Certificate = "tls/certificate.pem",
                CertificateKey = "tls/key.pem",
                RedirectHttp = true,
                HstsMaxAge = TimeSpan.FromDays(365),
            },
            Limits = new() { RequestsPerSecond = 100 },
            Scaling = new() { MinReplicas = 5, MaxReplicas = 50 },
        },
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

    public static TheoryData<string> Names { get; } = [.. DeploymentTargets.All.Select(target => target.Name)];

    public static MatrixTheoryData<string, string> Cases { get; } =
        new(DeploymentTargets.All.Select(target => target.Name), s_policies.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_checked_in_is_what_the_default_policy_gives(string name)
    {
        var folder = Path.Combine(Repository.Folder, "deploy", name);
        var rendered = Find(name).RenderFiles();

        Assert.True(Directory.Exists(folder), $"deploy/{name} is not there. Run: {GeneratedMark.Command}");
        var checkedIn = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(GeneratedMark.IsOn)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText);
        Assert.Equal(rendered.Keys.Order(StringComparer.Ordinal), checkedIn.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            rendered,
            file =>
                Assert.True(
                    file.Value == checkedIn[file.Key],
                    $"deploy/{name}/{file.Key} is not what is rendered now. Run: {GeneratedMark.Command}"
                )
        );
    }

    [Fact]
    public void The_guide_to_deployment_has_the_table_that_explain_prints() =>
        Assert.Contains(
            ExplanationText.Markdown(DeploymentTargets.All, new()),
            File.ReadAllText(Path.Combine(Repository.Folder, "docs", "deploying", "settings.md")),
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_setting_is_explained_once_and_in_order(string name, string policy)
    {
        var explanations = Find(name).Explain(s_policies[policy]);

        Assert.Equal(PolicyKeys.All, explanations.Select(explanation => explanation.Key));
        Assert.All(explanations, explanation => Assert.False(string.IsNullOrWhiteSpace(explanation.Expression), explanation.Key));
        Assert.All(explanations, explanation => Assert.DoesNotContain('\n', explanation.Expression));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_policy_gives_the_same_files_each_saying_that_it_is_generated_and_ending_as_text_does(string name, string policy)
    {
        var plan = new DeploymentPlan { Policy = s_policies[policy] };
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
                Assert.False(Path.IsPathRooted(file.Path) || file.Path.Split('/').Contains(".."), file.Path);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_policy_that_no_balancer_could_follow_is_refused_with_every_error(string name)
    {
        var policy = new BalancingPolicy
        {
            ServerName = "a\nb",
            Scaling = new() { CpuPercent = 0 },
        };

        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => Find(name).RenderFiles(policy)).Failures.Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_target_is_named_as_a_folder_is(string name) => Assert.Matches("^[a-z]+$", name);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_of_a_platform_has_what_deploys_it(string name)
    {
        string Read(string page) => File.ReadAllText(Path.Combine(Repository.Folder, page));

        Assert.Contains(Find(name).DeployedBy, Read(Find(name).Page), StringComparison.Ordinal);
        Assert.Contains($"](deploying/{Path.GetFileName(Find(name).Page)})", Read("docs/deploying.md"), StringComparison.Ordinal);
    }

    private static IDeploymentTarget Find(string name) => DeploymentTargets.All.Single(target => target.Name == name);
}
