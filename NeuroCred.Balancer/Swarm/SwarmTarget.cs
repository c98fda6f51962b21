using NeuroCred.Balancer.Compose;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Swarm;

/// <summary>Docker Swarm: what Compose lacks, one replica after the other is replaced, and a version that does not become healthy is taken
/// back.</summary>
internal sealed class SwarmTarget : IDeploymentTarget
{
    // Who the image runs as: Swarm gives a secret to a number, not to a name. The number of the official ASP.NET Core images.
    private const string ImageUser = "1654";

    // The gateway of the same node, in Swarm's language, which has the same braces. A network knows containers by their host names.
    private const string Gateway = "gateway-{{.Node.ID}}";

    public string Name => "swarm";

    public string Title => "Swarm";

    public string Page => "docs/deploying/swarm.md";

    public string DeployedBy => "docker stack deploy -c stack.yaml neurocred";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        var replicas = $"tasks.{NginxTarget.Service}";
        var values = ComposeValues.For(plan, Gateway, replicas);
        var tls = ComposeValues.HasTls(plan.Policy);
        var nginx = ComposeValues.NginxFiles(plan.Policy, replicas);
        values["uid"] = ImageUser;
        values["gateway"] = Gateway;
        values["task_slot"] = "{{.Task.Slot}}";
        values["https_ports"] = tls
            ? $"- {{ target: {values["https_port"]}, published: \"${{NEUROCRED_HTTPS:-443}}\", protocol: tcp, mode: host }}"
            : "";
        values["gateway_configs"] = string.Join('\n', nginx.Select(file => $"- {{ source: {Key(file)}, target: {Target(file)} }}"));
        values["configs"] = string.Join('\n', nginx.Select(file => $"{Key(file)}: {{ file: ./{file.Path}, name: {VersionedName(file)} }}"));
        values["gateway_secrets"] = tls
            ? $"""
                secrets:
                  - {ComposeValues.Certificate}
                  - {ComposeValues.CertificateKey}
                """
            : "";
        values["tls_secrets"] = tls
            ? $$"""
                {{ComposeValues.Certificate}}: { external: true, name: neurocred-{{ComposeValues.Certificate}} }
                {{ComposeValues.CertificateKey}}: { external: true, name: neurocred-{{ComposeValues.CertificateKey}} }
                """
            : "";
        return [.. TargetTemplates.Render("Swarm", values), .. nginx];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) =>
        ComposeValues.Explain(
            policy,
            new(
                "Health:Liveness",
                Approximate,
                "`LIVENESS_*`: the image's watchdog asks inside the container and ends a replica that hangs, and Swarm starts "
                    + "another; one success is enough"
            ),
            new(
                "Health:Readiness",
                Approximate,
                "in band: a replica that is not ready answers 503, and the same request goes to another one. `healthcheck` asks for "
                    + $"it every {NginxText.Time(ComposeValues.HealthInterval(policy))} until it was met once: before, "
                    + "`tasks.api` has not the replica and an update does not go on. Afterwards it asks for liveness, with 10 s for an "
                    + "answer, since Swarm kills what is unhealthy. One success is enough"
            ),
            new(
                "Tls:Certificate",
                Full,
                ComposeValues.HasTls(policy)
                    ? $"the swarm's secret `neurocred-{ComposeValues.Certificate}`, for `ssl_certificate`; make it of that file"
                    : "none: plain HTTP alone"
            ),
            new(
                "Tls:CertificateKey",
                Full,
                ComposeValues.HasTls(policy)
                    ? $"the swarm's secret `neurocred-{ComposeValues.CertificateKey}`, for `ssl_certificate_key`; make it of that file"
                    : "none: plain HTTP alone"
            ),
            new(
                "Scaling:MaxReplicas",
                Missing,
                "nothing adds replicas: `docker service scale neurocred_api=5` does, and nginx follows. Postgres's `max_connections` "
                    + "has room for all"
            )
        );

    private static string Key(DeploymentFile file) => Path.GetFileName(file.Path).Replace('.', '-');

    private static string Target(DeploymentFile file) => $"/etc/{file.Path}";

    private static string VersionedName(DeploymentFile file) => $"neurocred-{Key(file)}-{ComposeValues.Version(file)}";
}
