using k8s.Models;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>What a pod may do, whom it may talk to, and that no file holds a secret.</summary>
public sealed class IsolationTests
{
    [Fact]
    public void A_secret_is_named_and_never_written() =>
        Assert.All(
            Default
                .Pods.SelectMany(pod => pod.Spec.Containers)
                .SelectMany(container => container.Env ?? [])
                .Where(variable => variable.Name is "Api__Key" || variable.Name.StartsWith("ConnectionStrings", StringComparison.Ordinal)),
            variable => Assert.Equal((null, true), (variable.Value, variable.ValueFrom.SecretKeyRef is not null))
        );

    [Fact]
    public void The_namespace_refuses_pods_that_are_not_restricted_and_none_of_ours_is_refused()
    {
        Assert.Equal("restricted", Default.Get<V1Namespace>("neurocred").Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        // Field by field: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
        foreach (var pod in Default.Pods.Select(pod => pod.Spec))
        {
            Assert.True(pod.HostNetwork is null or false && pod.HostPID is null or false && pod.HostIPC is null or false);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.Null(pod.SecurityContext.Sysctls);
            Assert.All(
                pod.Volumes,
                volume => Assert.True(volume.EmptyDir is not null || volume.ConfigMap is not null || volume.Secret is not null)
            );
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.Null(pod.InitContainers);
            Assert.All(
                pod.Containers,
                container =>
                {
                    Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                    Assert.Null(container.SecurityContext.Privileged);
                    Assert.Null(container.SecurityContext.RunAsUser);
                    Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                    Assert.Null(container.SecurityContext.Capabilities.Add);
                    Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                    Assert.All(container.Ports ?? [], port => Assert.True(port.HostPort is null && port.ContainerPort > 1023));
                    Assert.Contains("memory", container.Resources.Limits);
                }
            );
        }
    }

    [Fact]
    public void Nothing_goes_in_or_out_but_what_the_system_needs()
    {
        var all = Default.Get<V1NetworkPolicy>("default-deny").Spec;

        Assert.Equal(["Ingress", "Egress"], all.PolicyTypes);
        Assert.Null(all.PodSelector.MatchLabels);
        Assert.Null(all.Ingress);
        Assert.Null(all.Egress);
        // A replica is asked by the gateway and its monitor alone.
        var ingress = Assert.Single(Default.Get<V1NetworkPolicy>("api").Spec.Ingress);
        Assert.Equal("gateway", Assert.Single(ingress.FromProperty).PodSelector.MatchLabels["app.kubernetes.io/component"]);
        Assert.Equal(["http", "management"], ingress.Ports.Select(port => (string)port.Port));
        Assert.Equal(
            ["53", "53", "5432", "6379"],
            Default.Get<V1NetworkPolicy>("api").Spec.Egress.SelectMany(rule => rule.Ports).Select(port => (string)port.Port)
        );
    }
}
