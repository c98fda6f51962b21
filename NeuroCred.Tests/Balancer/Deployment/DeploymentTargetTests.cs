using NeuroCred.Balancer.CommandLine;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Balancer.Deployment;

/// <summary>What holds for every platform.</summary>
public sealed class DeploymentTargetTests
{
    private static readonly DeploymentPlan s_default = new() { Policy = new() };

    // Everything away from its default that adds to what is rendered.
    private static readonly DeploymentPlan s_other = new()
    {
        Policy = new()
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
    };

    public static TheoryData<string> Names { get; } = [.. DeploymentTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_checked_in_is_what_the_default_policy_gives(string name)
    {
        var folder = Path.Combine(Repository.Folder, "deploy", name);
        var rendered = Find(name).Render(s_default).ToDictionary(file => file.Path, file => file.Content);

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
    [MemberData(nameof(Names))]
    public void Every_setting_is_explained_once(string name)
    {
        foreach (var plan in new[] { s_default, s_other })
        {
            var explanations = Find(name).Explain(plan.Policy);

            Assert.Equal(PolicyKeys.All, explanations.Select(e => e.Key));
            Assert.All(explanations, e => Assert.False(string.IsNullOrWhiteSpace(e.Expression)));
            Assert.All(explanations, e => Assert.DoesNotContain('\n', e.Expression));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_plan_gives_the_same_bytes(string name) => Assert.Equal(Find(name).Render(s_other), Find(name).Render(s_other));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_file_says_that_it_is_generated_and_ends_as_text_does(string name)
    {
        foreach (var file in new[] { s_default, s_other }.SelectMany(Find(name).Render))
        {
            Assert.Contains(GeneratedMark.Command, string.Concat(file.Content.Split('\n').Take(3)), StringComparison.Ordinal);
            Assert.EndsWith("\n", file.Content, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', file.Content);
            Assert.DoesNotContain(file.Content.Split('\n'), line => line.EndsWith(' '));
            Assert.DoesNotContain("{{generated", file.Content, StringComparison.Ordinal);
            Assert.False(Path.IsPathRooted(file.Path) || file.Path.Split('/').Contains(".."), file.Path);
        }
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
