using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Policy;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>What is rendered, and how it is read.</summary>
internal static class AlbCases
{
    public static BalancingPolicy Other { get; } =
        OtherPolicy.Value with
        {
            ServerName = """we"ird${x}%{y}.example.org""",
            Algorithm = BalancingAlgorithm.CookieHash,
            Affinity = new() { Duration = TimeSpan.FromMinutes(90) },
            Tls = new() { HstsMaxAge = TimeSpan.FromDays(1) },
            Timeouts = new() { Read = TimeSpan.FromSeconds(45) },
            Retries = new() { Conditions = [] },
        };

    /// <summary>A text as the parser gives it: what Terraform would otherwise compute stays escaped.</summary>
    public static string Literal(string text) =>
        text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

    public static TerraformModule RenderModule(BalancingPolicy policy) => new(new DeploymentPlan { Policy = policy });

    public static SettingSupport Explain(BalancingPolicy policy, string key) =>
        new AlbTarget().Explain(policy).Single(explanation => explanation.Key == key).Support;
}
