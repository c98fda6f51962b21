using k8s;
using k8s.Models;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Kubernetes;
using NeuroCred.Tests.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>
/// What is rendered for Kubernetes, read as the cluster would read it: into the client's own types, where a field that is misspelt or in
/// the wrong place is an error.
/// </summary>
internal sealed class KubernetesFiles
{
    private static readonly Dictionary<string, Type> s_types = new()
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["batch/v1/Job"] = typeof(V1Job),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["postgresql.cnpg.io/v1/Cluster"] = typeof(PostgresCluster),
    };

    private static readonly string[] s_parts = ["migration", "postgres", "redis"];

    private static readonly string[] s_components = ["queue-length", "prometheus", "load-balancer"];

    public KubernetesFiles(DeploymentPlan plan)
    {
        Texts = new KubernetesTarget().RenderFiles(plan);
        Kustomization = ReadKustomization("");
        Parts = s_parts.ToDictionary(name => name, name => ReadKustomization($"{name}/"));
        Components = s_components.ToDictionary(name => name, name => ReadKustomization($"{name}/"));
        Objects = [.. Kustomization.Resources.SelectMany(Read), .. Parts.Keys.SelectMany(ReadFolder)];
    }

    public IReadOnlyDictionary<string, string> Texts { get; }

    public Kustomization Kustomization { get; }

    /// <summary>Those that are applied on their own, by their folders.</summary>
    public IReadOnlyDictionary<string, Kustomization> Parts { get; }

    /// <summary>Those that overlays may add, by their folders.</summary>
    public IReadOnlyDictionary<string, Kustomization> Components { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    public V1Deployment Api => Get<V1Deployment>("api");

    /// <summary>The one container of a replica's pod.</summary>
    public V1Container ApiContainer => Assert.Single(Api.Spec.Template.Spec.Containers);

    public V1Deployment Gateway => Get<V1Deployment>("gateway");

    public V1PodSpec GatewayPod => Gateway.Spec.Template.Spec;

    public IEnumerable<V1PodTemplateSpec> Pods =>
        [
            .. All<V1Deployment>().Select(deployment => deployment.Spec.Template),
            .. All<V1StatefulSet>().Select(set => set.Spec.Template),
            .. All<V1Job>().Select(job => job.Spec.Template),
        ];

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    public T Get<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(All<T>(), found => found.Metadata.Name == name);

    /// <summary>What a file holds.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Read(string path) =>
        KubernetesYaml.LoadAllFromString(Texts[path], s_types, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    /// <summary>What one of <see cref="Parts"/> or of <see cref="Components"/> holds.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> ReadFolder(string name) =>
        ReadKustomization($"{name}/").Resources.SelectMany(path => Read($"{name}/{path}"));

    private Kustomization ReadKustomization(string folder) =>
        KubernetesYaml.Deserialize<Kustomization>(Texts[$"{folder}kustomization.yaml"], strict: true);
}
