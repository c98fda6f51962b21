using System.Text.RegularExpressions;
using k8s.Models;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>NeuroCred's nginx in the cluster, and the route that leads to it.</summary>
[StartsProcesses]
public sealed class ClusterGatewayTests
{
    [Fact]
    public void Nginx_sees_each_replica_and_follows_their_coming_and_going()
    {
        var gateway = Other.Texts["nginx/conf.d/gateway.conf"];
        var server = Regex.Match(gateway, @"^    server (?<host>\S+):(?<port>\d+) .*resolve;$", RegexOptions.Multiline);

        Assert.True(server.Success, gateway);
        Assert.Equal(("api", "5000"), (server.Groups["host"].Value, server.Groups["port"].Value));
        var service = Other.Get<V1Service>("api");
        Assert.Equal(("None", 5000), (service.Spec.ClusterIP, Assert.Single(service.Spec.Ports).Port));
        Assert.Equal(8080, Assert.Single(Default.Gateway.Spec.Template.Spec.Containers[0].Ports).ContainerPort);
        Assert.Contains("listen 8080;", Default.Texts["nginx/conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_takes_no_more_of_a_node_than_its_container_may() =>
        Assert.Matches("(?m)^worker_processes 2;$", Default.Texts["nginx/nginx.conf"]);

    [Fact]
    public void A_clients_cookie_names_a_replica_and_is_the_same_to_each_nginx()
    {
        var gateway = FilesOf(new() { Algorithm = BalancingAlgorithm.CookieHash }).Texts["nginx/conf.d/gateway.conf"];

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
    public async Task Nginx_finds_the_replicas_in_the_namespace_and_by_the_DNS_server_that_its_pod_has()
    {
        var container = Default.Gateway.Spec.Template.Spec.Containers[0];
        using var folder = new Nginx.TemporaryFolder();
        string At(string name) => Path.Combine(folder.Path, name);
        foreach (var (path, text) in Default.Texts.Where(file => file.Key.StartsWith("nginx/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            await File.WriteAllTextAsync(At(path), text, TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(
            At("resolv.conf"),
            "search other.svc.example.org svc.example.org example.org\nnameserver fd00:10::a\nnameserver 10.96.0.11\noptions ndots:5\n",
            TestContext.Current.CancellationToken
        );
        Directory.CreateDirectory(At("run"));
        var script = Assert
            .Single(container.Args)
            .Replace("/etc/resolv.conf", At("resolv.conf"), StringComparison.Ordinal)
            .Replace("/etc/neurocred", At("nginx"), StringComparison.Ordinal)
            .Replace("/run/nginx", At("run"), StringComparison.Ordinal)
            .Replace("exec nginx", "echo nginx", StringComparison.Ordinal);

        // A container that is started again finds what the one before left.
        foreach (var _ in (int[])[1, 2])
        {
            var (code, output) = await Tool.RunAsync(
                container.Command[0],
                folder.Path,
                new Dictionary<string, string>(),
                container.Command[1],
                script
            );
            Assert.True(code == 0, output);
            Assert.Contains($"-c {At("run/configuration/nginx.conf")}", output, StringComparison.Ordinal);
        }

        var gateway = await File.ReadAllTextAsync(At("run/configuration/conf.d/gateway.conf"), TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^    server api\.other\.svc\.example\.org:4000 .*resolve;$", gateway);
        Assert.Matches(@"(?m)^    resolver \[fd00:10::a\] valid=1s", gateway);
    }
}
