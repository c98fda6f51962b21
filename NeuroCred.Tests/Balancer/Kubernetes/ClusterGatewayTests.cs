using k8s.Models;
using NeuroCred.Balancer.Nginx;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>NeuroCred's nginx in the cluster, and the route that leads to it.</summary>
[StartsProcesses]
public sealed class ClusterGatewayTests
{
    [Fact]
    public void Nginx_sees_each_replica_and_follows_their_coming_and_going()
    {
        var gateway = Other.Texts["gateway/nginx/conf.d/gateway.conf"];
        var server = Regex.Match(gateway, @"^    server (?<host>\S+):(?<port>\d+) .*resolve;$", RegexOptions.Multiline);

        Assert.True(server.Success, gateway);
        Assert.Equal(("api", "5000"), (server.Groups["host"].Value, server.Groups["port"].Value));
        var service = Other.Get<V1Service>("api");
        Assert.Equal(("None", 5000), (service.Spec.ClusterIP, Assert.Single(service.Spec.Ports).Port));
        Assert.Equal(8080, Assert.Single(Default.GatewayPod.Containers[0].Ports).ContainerPort);
        Assert.Contains("listen 8080;", Default.Texts["gateway/nginx/conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_takes_no_more_of_a_node_than_its_container_may() =>
        Assert.Matches("(?m)^worker_processes 2;$", Default.Texts["gateway/nginx/nginx.conf"]);

    [Fact]
    public void A_clients_cookie_names_a_replica_and_is_the_same_to_each_nginx()
    {
        var gateway = FilesOf(new() { Algorithm = BalancingAlgorithm.CookieHash }).Texts["gateway/nginx/conf.d/gateway.conf"];

        Assert.Contains("sticky cookie neurocred_affinity expires=86400s path=/ httponly samesite=lax;", gateway, StringComparison.Ordinal);
    }

    [Fact]
    public void The_route_takes_the_hosts_requests_to_nginx_and_plain_HTTP_is_redirected_if_the_policy_says_so()
    {
        var route = Assert.Single(Default.All<HttpRoute>());
        Assert.Equal(["api.neurocred.io"], route.Spec.Hostnames);
        Assert.Null(Assert.Single(route.Spec.ParentRefs).SectionName);
        Assert.Equal(("gateway", 80), (route.Spec.Rules[0].BackendRefs![0].Name, route.Spec.Rules[0].BackendRefs![0].Port));

        // Optional for implementations, and several lack it.
        Assert.Null(route.Spec.Rules[0].Timeouts);

        var routes = Other.All<HttpRoute>().ToList();
        Assert.Equal(["https", "http"], routes.Select(found => Assert.Single(found.Spec.ParentRefs).SectionName));
        Assert.All(routes, found => Assert.Equal(["api.example.org"], found.Spec.Hostnames));
        Assert.Equal("https", Assert.Single(Assert.Single(routes[1].Spec.Rules).Filters!).RequestRedirect!.Scheme);

        Assert.Null(Assert.Single(FilesOf(new() { ServerName = "_" }).All<HttpRoute>()).Spec.Hostnames);
    }

    [Fact]
    public async Task Nginx_finds_the_replicas_in_its_own_namespace_also_before_one_is_ready()
    {
        var container = Default.GatewayPod.Containers[0];
        using var folder = new TemporaryFolder();
        string At(string name) => folder.At(name);

        // As the kubelet mounts a ConfigMap: what is in the volume's folder are links.
        var items = Default.GatewayPod.Volumes.First(volume => volume.ConfigMap is not null).ConfigMap.Items;
        foreach (var path in items.Select(item => item.Path))
        {
            folder.Write(
                $"etc/..data/{path}",
                Default
                    .Texts[$"{GatewayService.Folder}/{path}"]
                    .Replace("/tmp/nginx", At("tmp/nginx"), StringComparison.Ordinal)
                    .Replace("/etc/resolv.conf", At("resolv.conf"), StringComparison.Ordinal)
            );
        }

        foreach (var name in items.Select(item => item.Path.Split('/')[0]).Distinct())
        {
            File.CreateSymbolicLink(At($"etc/{name}"), $"..data/{name}");
        }

        folder.Write(
            "resolv.conf",
            "search other.svc.example.org svc.example.org example.org\nnameserver fd00:10::a\nnameserver 10.96.0.11\noptions ndots:5\n"
        );
        folder.Write("bin/nginx", "#!/bin/sh\necho \"$@\"\n");
        // A name of somebody else, while no replica is ready.
        folder.Write("bin/getent", "#!/bin/sh\ntest \"$2\" = api.example.org\n");
        Directory.CreateDirectory(At("tmp"));
        var environment = container.Env.ToDictionary(variable => variable.Name, variable => variable.Value);
        environment["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}";

        // A container that is started again finds what the one before left.
        foreach (var _ in (int[])[1, 2])
        {
            var (code, output) = await Tool.RunAsync(
                container.Command[0],
                folder.Path,
                environment,
                [.. container.Command.Skip(1).Select(word => word.Replace("/etc/neurocred", At("etc"), StringComparison.Ordinal))]
            );
            Assert.True(code == 0, output);
            Assert.Contains($"-c {At("tmp/nginx/configuration/nginx.conf")}", output, StringComparison.Ordinal);
        }

        var gateway = await File.ReadAllTextAsync(At("tmp/nginx/configuration/conf.d/gateway.conf"), Cancellation);
        Assert.Matches(@"(?m)^    server api\.other\.svc\.example\.org:4000 .*resolve;$", gateway);
        Assert.Matches(@"(?m)^    resolver \[fd00:10::a\] valid=1s", gateway);
    }

    [Fact]
    public void Nginx_may_write_to_the_folder_that_its_script_writes_to_and_to_its_logs_alone()
    {
        var pod = Default.GatewayPod;
        var written = pod.Volumes.Where(volume => volume.EmptyDir is not null).Select(volume => volume.Name).ToList();

        Assert.True(pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(
            ["/tmp", "/var/log/neurocred"],
            pod.Containers[0].VolumeMounts.Where(mount => written.Contains(mount.Name)).Select(mount => mount.MountPath)
        );
        Assert.Contains("\nprefix=/tmp/", Default.Texts["gateway/start.sh"], StringComparison.Ordinal);
    }
}
