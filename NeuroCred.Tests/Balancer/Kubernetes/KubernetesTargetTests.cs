using k8s.Models;
using NeuroCred.Balancer.Nginx;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>What is rendered for Kubernetes fits together.</summary>
public sealed class KubernetesTargetTests
{
    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void Every_document_is_read_by_the_cluster_as_it_was_meant(string policy)
    {
        var files = Files(policy);

        Assert.All(
            files.Objects,
            found => Assert.Equal("neurocred", found is V1Namespace ? found.Metadata.Name : found.Metadata.NamespaceProperty)
        );
        Assert.Equal(files.Objects.Count, files.Objects.DistinctBy(found => (found.Kind, found.Metadata.Name)).Count());
        // Whatever is rendered is applied by one of them, or is for another program.
        Assert.Equal(
            files
                .Texts.Keys.Where(path =>
                    path.EndsWith(".yaml", StringComparison.Ordinal) && !path.EndsWith("kustomization.yaml", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
            files
                .Kustomization.Resources.Concat(files.Parts.SelectMany(part => part.Value.Resources.Select(path => $"{part.Key}/{path}")))
                .Concat(
                    files.Components.SelectMany(component =>
                        component
                            .Value.Resources.Concat(component.Value.Patches.Select(patch => patch.Path).OfType<string>())
                            .Select(path => $"{component.Key}/{path}")
                    )
                )
                .Append(AdapterValuesFile)
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void Every_selector_finds_the_pods_that_it_is_meant_for(string policy)
    {
        var files = Files(policy);
        // The operator labels the pods that it makes of a Cluster.
        var clusters = files
            .All<PostgresCluster>()
            .Select(cluster => new Dictionary<string, string> { ["cnpg.io/cluster"] = cluster.Name() });
        List<IDictionary<string, string>> pods = [.. files.Pods.Select(pod => pod.Metadata.Labels), .. clusters];
        foreach (var deployment in files.All<V1Deployment>())
        {
            Assert.Equal(deployment.Spec.Template.Metadata.Labels, deployment.Spec.Selector.MatchLabels);
            Assert.All(
                deployment.Spec.Template.Spec.TopologySpreadConstraints,
                spread => Assert.Equal(deployment.Spec.Selector.MatchLabels, spread.LabelSelector.MatchLabels)
            );
            Assert.Equal(deployment.Spec.Selector.MatchLabels, files.Get<V1Service>(deployment.Metadata.Name).Spec.Selector);
            Assert.Equal(
                deployment.Spec.Selector.MatchLabels,
                files.Get<V1PodDisruptionBudget>(deployment.Metadata.Name).Spec.Selector.MatchLabels
            );
            Assert.Equal(
                deployment.Spec.Selector.MatchLabels,
                files.Get<V1NetworkPolicy>(deployment.Metadata.Name).Spec.PodSelector.MatchLabels
            );
        }

        foreach (var set in files.All<V1StatefulSet>())
        {
            Assert.Equal(set.Spec.Template.Metadata.Labels, set.Spec.Selector.MatchLabels);
            Assert.Equal(set.Spec.Selector.MatchLabels, files.Get<V1Service>(set.Spec.ServiceName).Spec.Selector);
            Assert.Equal(set.Spec.Selector.MatchLabels, files.Get<V1NetworkPolicy>(set.Metadata.Name).Spec.PodSelector.MatchLabels);
        }

        var peers = files
            .All<V1NetworkPolicy>()
            .SelectMany(found =>
                (found.Spec.Ingress ?? [])
                    .SelectMany(rule => rule.FromProperty ?? [])
                    .Concat((found.Spec.Egress ?? []).SelectMany(rule => rule.To ?? []))
            )
            .Where(peer => peer.NamespaceSelector is null)
            .Select(peer => peer.PodSelector.MatchLabels)
            .Append(files.Get<V1NetworkPolicy>("migration").Spec.PodSelector.MatchLabels)
            .Append(files.Get<V1NetworkPolicy>("postgres").Spec.PodSelector.MatchLabels);
        Assert.All(peers, labels => Assert.Single(pods, pod => labels.All(pod.Contains)));
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void Whatever_is_referred_to_exists(string policy)
    {
        var files = Files(policy);
        foreach (var pod in files.Pods.Select(pod => pod.Spec))
        {
            Assert.Equal(
                (pod.Volumes ?? []).Select(volume => volume.Name),
                pod.Containers.SelectMany(container => container.VolumeMounts ?? []).Select(mount => mount.Name).Distinct()
            );
            foreach (var configuration in (pod.Volumes ?? []).Select(volume => volume.ConfigMap).OfType<V1ConfigMapVolumeSource>())
            {
                var generated = Assert.Single(files.Kustomization.ConfigMapGenerator, generator => generator.Name == configuration.Name);
                Assert.Equal(generated.Files.Select(Path.GetFileName), configuration.Items.Select(item => item.Key));
                Assert.Equal(generated.Files, configuration.Items.Select(item => $"{GatewayService.Folder}/{item.Path}"));
                Assert.All(generated.Files, path => Assert.Contains(path, files.Texts));
            }

            // The only secret there is, made by hand, with these keys: docs/deploying/kubernetes.md.
            string[] keys = ["api-key", "postgres", "postgres-owner", "postgres-password", "redis", "redis.conf"];
            var secrets = pod
                .Containers.SelectMany(container => container.Env ?? [])
                .Select(variable => variable.ValueFrom?.SecretKeyRef)
                .OfType<V1SecretKeySelector>()
                .Select(secret => (secret.Name, secret.Key))
                .Concat(
                    (pod.Volumes ?? [])
                        .Select(volume => volume.Secret)
                        .OfType<V1SecretVolumeSource>()
                        .SelectMany(secret => secret.Items.Select(item => (Name: secret.SecretName, item.Key)))
                );
            Assert.All(secrets, secret => Assert.Equal(("neurocred", true), (secret.Name, keys.Contains(secret.Key))));
            Assert.All(
                pod.Containers,
                container => Assert.All(PortsAsked(container), name => Assert.Contains(container.Ports, port => port.Name == name))
            );
            Assert.True(
                pod.ServiceAccountName is null
                    || files.All<V1ServiceAccount>().Any(account => account.Metadata.Name == pod.ServiceAccountName)
            );
        }

        foreach (var service in files.All<V1Service>())
        {
            var pod = Assert.Single(files.Pods, pod => service.Spec.Selector.All(pod.Metadata.Labels.Contains));
            var ports = pod.Spec.Containers[0].Ports;
            Assert.All(service.Spec.Ports, port => Assert.Contains(ports, container => container.Name == (string)port.TargetPort));
        }

        Assert.All(
            files.All<HttpRoute>().SelectMany(route => route.Spec.Rules).SelectMany(rule => rule.BackendRefs ?? []),
            backend => Assert.Contains(files.Get<V1Service>(backend.Name).Spec.Ports, port => port.Port == backend.Port)
        );
        Assert.Equal("api", files.Get<V2HorizontalPodAutoscaler>("api").Spec.ScaleTargetRef.Name);
    }

    [Theory]
    [InlineData("neurocred-api:1.2.3", "migrate-1-2-3")]
    [InlineData("host:5000/team/neurocred-api", "migrate-latest")]
    [InlineData("host:5000/neurocred-api:V2.0_rc+1", "migrate-v2-0-rc-1")]
    [InlineData(
        "neurocred-api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "migrate-0123456789abcdef0123456789abcdef0123456789abcdef0123456"
    )]
    public void Each_version_has_a_migration_of_its_own_because_a_Job_cannot_be_changed(string image, string expected)
    {
        var files = new KubernetesFiles(
            new()
            {
                Policy = new(),
                Images = new() { Api = image },
            }
        );
        var job = Assert.Single(files.All<V1Job>());
        var container = Assert.Single(job.Spec.Template.Spec.Containers);

        Assert.Equal(expected, job.Metadata.Name);
        Assert.Equal((image, image), (container.Image, files.ApiContainer.Image));
        Assert.Equal(["migrate"], container.Args);
        Assert.Null(container.Command);
        Assert.Equal("Never", job.Spec.Template.Spec.RestartPolicy);
        // Applied alone, before the rest.
        Assert.DoesNotContain("migration", files.Kustomization.Resources);
    }

    private static IEnumerable<string> PortsAsked(V1Container container) =>
        ((V1Probe?[])[container.LivenessProbe, container.ReadinessProbe, container.StartupProbe])
            .Select(probe => probe?.HttpGet?.Port ?? probe?.TcpSocket?.Port)
            .OfType<IntOrString>()
            .Select(port => (string)port);
}
