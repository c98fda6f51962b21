using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Compose;

/// <summary>
/// Docker Compose: everything on one machine. nginx follows the name that all replicas share, not three names: a container that was killed
/// may come back with another address, and nginx asks for names given once only when it starts.
/// </summary>
internal sealed class ComposeTarget : IDeploymentTarget
{
    public string Name => "compose";

    public string Title => "Compose";

    public string Page => "docs/deploying/compose.md";

    public string DeployedBy => "docker compose up -d";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        var values = ComposeValues.For(plan, "gateway", NginxTarget.Service);
        var tls = ComposeValues.HasTls(plan.Policy);
        var nginx = ComposeValues.NginxFiles(plan.Policy, NginxTarget.Service);
        values["configuration"] = ComposeValues.Version(nginx);
        values["health"] = "{{.State.Health.Status}}"; // in docker's language, which has the same braces
        values["https_ports"] = tls ? $"- \"${{NEUROCRED_HTTPS:-443}}:{values["https_port"]}\"" : "";
        values["gateway_secrets"] = tls ? $"secrets: [{ComposeValues.Certificate}, {ComposeValues.CertificateKey}]" : "";
        values["tls_secrets"] = tls
            ? $"""
                {ComposeValues.Certificate}: {Secret(plan.Policy.Tls.Certificate!)}
                {ComposeValues.CertificateKey}: {Secret(plan.Policy.Tls.CertificateKey!)}
                """
            : "";
        return [.. TargetTemplates.Render("Compose", values), .. nginx];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) =>
        ComposeValues.Explain(
            policy,
            new(
                "Health:Liveness",
                Approximate,
                "`LIVENESS_*`: the image's watchdog asks inside the container and ends a replica that hangs, and `restart` starts it "
                    + "again; one success is enough"
            ),
            new(
                "Health:Readiness",
                Approximate,
                "in band: a replica that is not ready answers 503, and the same request goes to another one. `healthcheck` asks for "
                    + $"it until it was met once, every {NginxText.Time(ComposeValues.HealthInterval(policy))}, and shows it; "
                    + "one success is enough"
            ),
            new(
                "Tls:Certificate",
                Full,
                ComposeValues.HasTls(policy) ? "a secret of that file, for `ssl_certificate`" : "none: plain HTTP alone"
            ),
            new(
                "Tls:CertificateKey",
                Full,
                ComposeValues.HasTls(policy) ? "a secret of that file, for `ssl_certificate_key`" : "none: plain HTTP alone"
            ),
            new(
                "Scaling:MaxReplicas",
                Missing,
                "nothing adds replicas: `docker compose up -d --no-recreate --scale api=5` does, and nginx follows. Postgres's "
                    + "`max_connections` has room for all"
            )
        );

    private static string Secret(string file) => $"{{ file: {ComposeValues.Quote(file)} }}";
}
