using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Tests.Documents;
using NeuroCred.Tests.Snapshots;
using YamlDotNet.RepresentationModel;

namespace NeuroCred.Tests.Balancer.Kubernetes;

[StartsProcesses]
public sealed class KubernetesTargetTests
{
    // The cluster's DNS may tell an old answer for as long, then nginx (valid=1s).
    private const int DnsSeconds = 5 + 1;

    private static readonly KubernetesFiles s_default = Render(new());

    // Everything that the cluster takes from the policy, and nothing at its default.
    private static readonly BalancingPolicy s_other = new()
    {
        Upstream = new() { Port = 5000 },
        ServerName = "API.example.org",
        Tls = new() { RedirectHttp = true },
        Draining = new() { Grace = TimeSpan.FromMilliseconds(2500), Timeout = TimeSpan.FromMilliseconds(12_300) },
        Scaling = new()
        {
            MinReplicas = 4,
            MaxReplicas = 9,
            CpuPercent = 61,
            MemoryPercent = 71,
            QueueLength = 33,
        },
        Health = new()
        {
            Liveness = new()
            {
                Path = "/live",
                Interval = TimeSpan.FromSeconds(4),
                Timeout = TimeSpan.FromMilliseconds(2500),
                HealthyThreshold = 1,
                UnhealthyThreshold = 5,
            },
            Readiness = new()
            {
                Path = "/ready",
                Interval = TimeSpan.FromSeconds(7),
                Timeout = TimeSpan.FromSeconds(6),
                HealthyThreshold = 3,
                UnhealthyThreshold = 4,
            },
        },
    };

    private const string AdapterValuesFile = "queue-length/prometheus-adapter-values.yaml";

    private const string Queue = "aspnetcore_rate_limiting_queued_requests";

    public static TheoryData<string> Policies { get; } = ["default", "other"];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_document_is_read_by_the_cluster_as_it_was_meant(string policy)
    {
        var files = Find(policy);

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
                .Kustomization.Resources.Concat(files.Migration.Resources.Select(path => $"migration/{path}"))
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

    [Fact]
    public void A_new_pod_gets_requests_within_five_seconds_of_being_ready_whatever_a_load_balancer_is_told()
    {
        var probe = Assert.Single(s_default.Api.Spec.Template.Spec.Containers).ReadinessProbe;

        Assert.Equal(TimeSpan.FromSeconds(30), new BalancingPolicy().Health.Readiness.Interval);
        Assert.InRange(probe.PeriodSeconds!.Value * (probe.SuccessThreshold ?? 1), 1, 5);
    }

    [Fact]
    public void The_policy_decides_how_a_replica_is_probed()
    {
        var container = Assert.Single(Find("other").Api.Spec.Template.Spec.Containers);

        string[] names = ["PATH", "INTERVAL", "TIMEOUT", "FAILURES"];
        Assert.Equal(["/live", "4", "2.5", "5"], names.Select(name => Variable(container, $"LIVENESS_{name}")));
        Assert.Equal(("/ready", 5, 6, 4), Numbers(container.ReadinessProbe));
        Assert.Equal("/live", container.StartupProbe.HttpGet.Path);
        // Kubernetes takes no other number for these two, and refuses the whole object.
        Assert.True(container.LivenessProbe.SuccessThreshold is null or 1);
        Assert.True(container.StartupProbe.SuccessThreshold is null or 1);
        Assert.Equal([("http", 5000), ("management", 9091)], container.Ports.Select(port => (port.Name, port.ContainerPort)));
        Assert.Equal("5000", Variable(container, "ASPNETCORE_HTTP_PORTS"));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_kubelet_kills_no_replica_that_the_images_watchdog_spares_because_it_is_busy(string policy)
    {
        var probe = Assert.Single(Find(policy).Api.Spec.Template.Spec.Containers).LivenessProbe;
        var script = File.ReadAllText(Path.Combine(Repository.Folder, "eng/images/service/serve"));
        var patience = int.Parse(Regex.Match(script, "answers_within (\\d+) ").Groups[1].ValueSpan);

        Assert.Equal(Policy(policy).Health.Liveness.Path, probe.HttpGet.Path);
        Assert.InRange(probe.TimeoutSeconds!.Value, patience, 60);
        Assert.InRange(probe.PeriodSeconds!.Value, patience, 60);
        Assert.InRange(probe.FailureThreshold!.Value, 2, 10);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_replica_that_leaves_serves_until_nobody_knows_it_any_more_and_then_finishes_what_it_has(string policy)
    {
        var pod = Find(policy).Api.Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var draining = TimeSpan.Parse(Variable(container, "Draining__Timeout"));
        var grace = TimeSpan.Parse(Variable(container, "Draining__Grace"));

        Assert.Equal((Policy(policy).Draining.Grace, Policy(policy).Draining.Timeout), (grace, draining));
        Assert.InRange(container.Lifecycle.PreStop.Sleep.Seconds, DnsSeconds + 1, int.MaxValue);
        Assert.InRange(
            pod.TerminationGracePeriodSeconds!.Value,
            container.Lifecycle.PreStop.Sleep.Seconds + draining.TotalSeconds + 1,
            3600 + 60
        );
        // Whoever hangs is not waited for.
        Assert.Equal(1, container.LivenessProbe.TerminationGracePeriodSeconds);
    }

    [Fact]
    public void A_gateway_that_leaves_serves_until_nobody_knows_it_any_more_and_then_finishes_what_it_has()
    {
        var pod = s_default.Gateway.Spec.Template.Spec;
        var ofNginx = int.Parse(Regex.Match(s_default.Texts["nginx/nginx.conf"], @"worker_shutdown_timeout (\d+)s;").Groups[1].ValueSpan);

        Assert.InRange(pod.TerminationGracePeriodSeconds!.Value, pod.Containers[0].Lifecycle.PreStop.Sleep.Seconds + ofNginx + 1, 60);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_selector_finds_the_pods_that_it_is_meant_for(string policy)
    {
        var files = Find(policy);
        var pods = files.Pods.Select(pod => pod.Metadata.Labels).ToList();
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

        var peers = files
            .All<V1NetworkPolicy>()
            .SelectMany(found =>
                (found.Spec.Ingress ?? [])
                    .SelectMany(rule => rule.FromProperty ?? [])
                    .Concat((found.Spec.Egress ?? []).SelectMany(rule => rule.To ?? []))
            )
            .Select(peer => peer.PodSelector.MatchLabels)
            .Append(files.Get<V1NetworkPolicy>("migration").Spec.PodSelector.MatchLabels);
        Assert.All(peers, labels => Assert.Single(pods, pod => labels.All(pod.Contains)));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Whatever_is_referred_to_exists(string policy)
    {
        var files = Find(policy);
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
                Assert.Equal(generated.Files, configuration.Items.Select(item => $"nginx/{item.Path}"));
                Assert.All(generated.Files, path => Assert.Contains(path, files.Texts));
            }

            // The only secret there is, made by hand, with these keys: docs/deploying/kubernetes.md.
            var secrets = pod
                .Containers.SelectMany(container => container.Env ?? [])
                .Select(variable => variable.ValueFrom?.SecretKeyRef)
                .OfType<V1SecretKeySelector>();
            Assert.All(
                secrets,
                secret =>
                    Assert.Equal(
                        ("neurocred", true),
                        (secret.Name, secret.Key is "api-key" or "postgres" or "postgres-owner" or "postgres-password" or "redis")
                    )
            );
            Assert.All(
                pod.Containers,
                container =>
                    Assert.All(
                        Probes(container),
                        probe => Assert.Contains(container.Ports, port => port.Name == (string)probe.HttpGet.Port)
                    )
            );
            Assert.True(
                pod.ServiceAccountName is null
                    || files.All<V1ServiceAccount>().Any(account => account.Metadata.Name == pod.ServiceAccountName)
            );
        }

        foreach (var service in files.All<V1Service>())
        {
            var ports = files.Get<V1Deployment>(service.Metadata.Name).Spec.Template.Spec.Containers[0].Ports;
            Assert.All(service.Spec.Ports, port => Assert.Contains(ports, container => container.Name == (string)port.TargetPort));
        }

        Assert.All(
            files.All<HttpRoute>().SelectMany(route => route.Spec.Rules).SelectMany(rule => rule.BackendRefs ?? []),
            backend => Assert.Contains(files.Get<V1Service>(backend.Name).Spec.Ports, port => port.Port == backend.Port)
        );
        Assert.Equal("api", files.Get<V2HorizontalPodAutoscaler>("api").Spec.ScaleTargetRef.Name);
    }

    [Fact]
    public void A_secret_is_named_and_never_written() =>
        Assert.All(
            s_default
                .Pods.SelectMany(pod => pod.Spec.Containers)
                .SelectMany(container => container.Env ?? [])
                .Where(variable => variable.Name is "Api__Key" || variable.Name.StartsWith("ConnectionStrings", StringComparison.Ordinal)),
            variable => Assert.Equal((null, true), (variable.Value, variable.ValueFrom.SecretKeyRef is not null))
        );

    [Fact]
    public void An_update_takes_no_replica_away_before_another_is_ready_and_a_drained_node_takes_one_at_a_time()
    {
        Assert.All(
            s_default.All<V1Deployment>(),
            deployment =>
                Assert.Equal(
                    ("0", "1"),
                    ((string)deployment.Spec.Strategy.RollingUpdate.MaxUnavailable, (string)deployment.Spec.Strategy.RollingUpdate.MaxSurge)
                )
        );
        Assert.All(
            s_default.All<V1PodDisruptionBudget>(),
            budget => Assert.Equal(("1", null), ((string)budget.Spec.MaxUnavailable, (string?)budget.Spec.MinAvailable))
        );
        Assert.True(s_default.Gateway.Spec.Replicas > 1);
        // A number would undo what the autoscaler has decided.
        Assert.Null(s_default.Api.Spec.Replicas);
    }

    [Fact]
    public void The_policy_decides_how_many_replicas_there_are()
    {
        var spec = Find("other").Get<V2HorizontalPodAutoscaler>("api").Spec;
        var patch = Assert.Single(
            KubernetesYaml.Deserialize<List<MetricPatch>>(Find("other").Texts["queue-length/autoscaler-patch.yaml"], strict: true)
        );

        Assert.Equal((4, 9), (spec.MinReplicas, spec.MaxReplicas));
        Assert.Equal(
            [("cpu", 61), ("memory", 71)],
            spec.Metrics.Select(metric => (metric.Resource.Name, metric.Resource.Target.AverageUtilization))
        );
        Assert.Equal(
            ("add", "/spec/metrics/-", "Pods", "33"),
            (patch.Op, patch.Path, patch.Value.Type, patch.Value.Pods.Target.AverageValue.ToString())
        );
        Assert.Equal(Queue, patch.Value.Pods.Metric.Name);
        // Utilization is of what is asked for: without, there is none.
        var requests = Assert.Single(Find("other").Api.Spec.Template.Spec.Containers).Resources.Requests;
        Assert.Equal(("500m", "256Mi"), (requests["cpu"].ToString(), requests["memory"].ToString()));
    }

    [Fact]
    public void The_namespace_refuses_pods_that_are_not_restricted_and_none_of_ours_is_refused()
    {
        Assert.Equal("restricted", s_default.Get<V1Namespace>("neurocred").Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        // Field by field: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
        foreach (var pod in s_default.Pods.Select(pod => pod.Spec))
        {
            Assert.True(pod.HostNetwork is null or false && pod.HostPID is null or false && pod.HostIPC is null or false);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.Null(pod.SecurityContext.Sysctls);
            Assert.All(pod.Volumes, volume => Assert.True(volume.EmptyDir is not null || volume.ConfigMap is not null));
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
        var all = s_default.Get<V1NetworkPolicy>("default-deny").Spec;

        Assert.Equal(["Ingress", "Egress"], all.PolicyTypes);
        Assert.Null(all.PodSelector.MatchLabels);
        Assert.Null(all.Ingress);
        Assert.Null(all.Egress);
        // A replica is asked by the gateway and its monitor alone.
        var ingress = Assert.Single(s_default.Get<V1NetworkPolicy>("api").Spec.Ingress);
        Assert.Equal("gateway", Assert.Single(ingress.FromProperty).PodSelector.MatchLabels["app.kubernetes.io/component"]);
        Assert.Equal(["http", "management"], ingress.Ports.Select(port => (string)port.Port));
        Assert.Equal(
            ["53", "53", "5432", "6379"],
            s_default.Get<V1NetworkPolicy>("api").Spec.Egress.SelectMany(rule => rule.Ports).Select(port => (string)port.Port)
        );
    }

    [Fact]
    public void Nginx_sees_each_replica_and_follows_their_coming_and_going()
    {
        var gateway = Find("other").Texts["nginx/conf.d/gateway.conf"];
        var server = Regex.Match(gateway, @"^    server (?<host>\S+):(?<port>\d+) .*resolve;$", RegexOptions.Multiline);

        Assert.True(server.Success, gateway);
        Assert.Equal(("api", "5000"), (server.Groups["host"].Value, server.Groups["port"].Value));
        var service = Find("other").Get<V1Service>("api");
        Assert.Equal(("None", 5000), (service.Spec.ClusterIP, Assert.Single(service.Spec.Ports).Port));
        Assert.Equal(8080, Assert.Single(s_default.Gateway.Spec.Template.Spec.Containers[0].Ports).ContainerPort);
        Assert.Contains("listen 8080;", s_default.Texts["nginx/conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_takes_no_more_of_a_node_than_its_container_may() =>
        Assert.Matches("(?m)^worker_processes 2;$", s_default.Texts["nginx/nginx.conf"]);

    [Fact]
    public void A_clients_cookie_names_a_replica_and_is_the_same_to_each_nginx()
    {
        var gateway = Render(new() { Algorithm = BalancingAlgorithm.CookieHash }).Texts["nginx/conf.d/gateway.conf"];

        Assert.Contains("sticky cookie neurocred_affinity expires=86400s path=/ httponly samesite=lax;", gateway, StringComparison.Ordinal);
    }

    [Fact]
    public void The_route_takes_the_hosts_requests_to_nginx_and_plain_HTTP_is_redirected_if_the_policy_says_so()
    {
        var route = Assert.Single(s_default.All<HttpRoute>());
        Assert.Equal(["api.neurocred.io"], route.Spec.Hostnames);
        Assert.Null(Assert.Single(route.Spec.ParentRefs).SectionName);
        Assert.Equal(("gateway", 80), (route.Spec.Rules[0].BackendRefs![0].Name, route.Spec.Rules[0].BackendRefs![0].Port));

        // Optional for implementations, and several lack it.
        Assert.Null(route.Spec.Rules[0].Timeouts);

        var routes = Find("other").All<HttpRoute>().ToList();
        Assert.Equal(["https", "http"], routes.Select(found => Assert.Single(found.Spec.ParentRefs).SectionName));
        Assert.All(routes, found => Assert.Equal(["api.example.org"], found.Spec.Hostnames));
        Assert.Equal("https", Assert.Single(Assert.Single(routes[1].Spec.Rules).Filters!).RequestRedirect!.Scheme);

        Assert.Null(Assert.Single(Render(new() { ServerName = "_" }).All<HttpRoute>()).Spec.Hostnames);
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
        Assert.Equal((image, image), (container.Image, Assert.Single(files.Api.Spec.Template.Spec.Containers).Image));
        Assert.Equal(["migrate"], container.Args);
        Assert.Null(container.Command);
        Assert.Equal("Never", job.Spec.Template.Spec.RestartPolicy);
        // Applied alone, before the rest.
        Assert.DoesNotContain("migration", files.Kustomization.Resources);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("migration")]
    public async Task Kustomize_builds_what_is_checked_in(string folder)
    {
        var output = await BuildAsync($"resources: [../kubernetes/{folder}]");

        var kinds = s_default.Objects.Where(found => found is not V1Job).Select(found => found.Kind).Append("ConfigMap").Order();
        Assert.Equal(folder == "migration" ? ["Job"] : kinds, Kinds(output).Order());
    }

    [Fact]
    public async Task Kustomize_builds_the_overlay_of_the_page()
    {
        var output = await BuildAsync(OverlayOfPage());

        Assert.Contains("image: registry.example.org/neurocred-api:1.2.3", output, StringComparison.Ordinal);
        Assert.Contains("name: my-gateway", output, StringComparison.Ordinal);
        Assert.Contains($"name: {Queue}", output, StringComparison.Ordinal);
        Assert.Contains("PodMonitor", Kinds(output));
    }

    [Fact]
    public async Task An_overlay_moves_everything_to_another_namespace()
    {
        var output = await BuildAsync(
            "namespace: other\nresources: [../kubernetes]\ncomponents: [../kubernetes/queue-length, ../kubernetes/prometheus]"
        );

        var namespaces = Regex.Matches(output, @"^ *namespace: (\S+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.Equal(["gateway", "other"], namespaces.Distinct().Order());
        Assert.Matches(@"(?m)^  name: other$", output);
        Assert.DoesNotContain("neurocred.svc", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nginx_finds_the_replicas_in_the_namespace_and_by_the_DNS_server_that_its_pod_has()
    {
        var container = s_default.Gateway.Spec.Template.Spec.Containers[0];
        using var folder = new Nginx.TemporaryFolder();
        string At(string name) => Path.Combine(folder.Path, name);
        foreach (var (path, text) in s_default.Texts.Where(file => file.Key.StartsWith("nginx/", StringComparison.Ordinal)))
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

    [Fact]
    public async Task Without_the_Gateway_API_nginx_has_a_load_balancer_of_its_own()
    {
        var output = await BuildAsync("resources: [../kubernetes]\ncomponents: [../kubernetes/load-balancer]", Find("other"));

        Assert.DoesNotContain("HTTPRoute", Kinds(output));
        var type = Assert.Single(Regex.Matches(output, @"^  type: (LoadBalancer|ClusterIP)$", RegexOptions.Multiline));
        Assert.Equal("LoadBalancer", type.Groups[1].Value);
        // As a node's address all clients would be one.
        Assert.Contains("externalTrafficPolicy: Local", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_asks_every_replica_and_is_let_in()
    {
        var objects = s_default.Components["prometheus"].Resources.SelectMany(path => s_default.Read($"prometheus/{path}")).ToList();
        var monitor = Assert.Single(objects.OfType<PodMonitor>(), found => found.Metadata.Name == "api");
        var policy = Assert.Single(objects.OfType<V1NetworkPolicy>(), found => found.Metadata.Name == "api-metrics");
        var endpoint = Assert.Single(monitor.Spec.PodMetricsEndpoints);

        Assert.Equal(s_default.Api.Spec.Selector.MatchLabels, monitor.Spec.Selector.MatchLabels);
        // The port for requests has no metrics.
        var port = Assert.Single(Assert.Single(s_default.Api.Spec.Template.Spec.Containers).Ports, port => port.Name == endpoint.Port);
        Assert.Equal(9091, port.ContainerPort);
        Assert.Equal("/metrics", endpoint.Path);
        // What the alerts go by.
        Assert.Equal(
            [("job", "neurocred-api"), ("replica", null)],
            endpoint.Relabelings.Select(label => (label.TargetLabel, label.Replacement))
        );
        Assert.Equal(s_default.Api.Spec.Selector.MatchLabels, policy.Spec.PodSelector.MatchLabels);
        var ingress = Assert.Single(policy.Spec.Ingress);
        Assert.Equal([endpoint.Port], ingress.Ports.Select(port => (string)port.Port));
        Assert.Equal("prometheus", Assert.Single(ingress.FromProperty).PodSelector.MatchLabels["app.kubernetes.io/name"]);
    }

    [Fact]
    public async Task The_adapter_serves_the_queue_of_each_replica_also_of_one_where_nothing_ever_waited()
    {
        var promtool = Tool.Find("promtool");
        Assert.SkipWhen(promtool is null, "promtool is not installed: ./setup.sh --tests installs it.");
        var rule = Assert.Single(KubernetesYaml.Deserialize<AdapterValues>(s_default.Texts[AdapterValuesFile], strict: true).Rules.Custom);
        Assert.Equal(Queue, rule.Name.As);
        Assert.Equal(["namespace", "pod"], rule.Resources.Overrides.Keys.Order());
        using var folder = new Nginx.TemporaryFolder();
        var query = rule
            .MetricsQuery.Replace("<<.GroupBy>>", "pod", StringComparison.Ordinal)
            .Replace("<<.LabelMatchers>>", "namespace=\"neurocred\",pod=~\"a|b\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "test.yaml"),
            $$"""
            tests:
              - interval: 15s
                input_series:
                  - { series: 'up{job="neurocred-api", namespace="neurocred", pod="a"}', values: "1x4" }
                  - { series: 'up{job="neurocred-api", namespace="neurocred", pod="b"}', values: "1x4" }
                  - { series: 'up{job="neurocred-api", namespace="other", pod="a"}', values: "1x4" }
                  - { series: '{{Queue}}{job="neurocred-api", namespace="neurocred", pod="a", aspnetcore_rate_limiting_policy="requests"}', values: "70x4" }
                promql_expr_test:
                  - expr: {{rule.SeriesQuery}}
                    eval_time: 1m
                    exp_samples:
                      - { labels: 'up{job="neurocred-api", namespace="neurocred", pod="a"}', value: 1 }
                      - { labels: 'up{job="neurocred-api", namespace="neurocred", pod="b"}', value: 1 }
                      - { labels: 'up{job="neurocred-api", namespace="other", pod="a"}', value: 1 }
                  - expr: {{query}}
                    eval_time: 1m
                    exp_samples:
                      - { labels: '{pod="a"}', value: 70 }
                      - { labels: '{pod="b"}', value: 0 }
            """,
            TestContext.Current.CancellationToken
        );

        var (code, output) = await Tool.RunAsync(promtool, folder.Path, new Dictionary<string, string>(), "test", "rules", "test.yaml");

        Assert.True(code == 0, output);
    }

    [Fact]
    public void The_patch_of_that_overlay_is_a_list_of_operations()
    {
        var overlay = new YamlStream();
        overlay.Load(new StringReader(OverlayOfPage()));
        var patch = new YamlStream();
        patch.Load(new StringReader(((YamlScalarNode)overlay.Documents[0].RootNode["patches"][0]["patch"]).Value!));

        var operation = Assert.Single(Assert.IsType<YamlSequenceNode>(patch.Documents[0].RootNode));

        Assert.Equal(("replace", "/spec/parentRefs/0"), ((string?)operation["op"], (string?)operation["path"]));
        Assert.Equal(["name", "namespace"], Assert.IsType<YamlMappingNode>(operation["value"]).Children.Keys.Select(key => (string?)key));
    }

    private static string OverlayOfPage() =>
        MarkdownPage.All.Single(page => page.Path == "docs/deploying/kubernetes.md").Blocks.Single(block => block.Language == "yaml").Text;

    private static async Task<string> BuildAsync(string overlay, KubernetesFiles? files = null)
    {
        Assert.SkipWhen(Tool.Find("kubectl") is null, "kubectl is not installed: Debian has it in the package kubernetes-client.");
        using var folder = new Nginx.TemporaryFolder();
        var texts = (files ?? s_default).Texts.Select(file => ($"kubernetes/{file.Key}", file.Value));
        foreach (var (path, text) in texts.Append(("mine/kustomization.yaml", overlay)))
        {
            var file = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }

        var (code, output) = await Tool.RunAsync(
            "kubectl",
            Path.Combine(folder.Path, "mine"),
            new Dictionary<string, string>(),
            "kustomize",
            "."
        );
        Assert.True(code == 0, output);
        return output;
    }

    private static IEnumerable<string> Kinds(string output) =>
        Regex.Matches(output, @"^kind: (\w+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    private static KubernetesFiles Render(BalancingPolicy policy) => new(new DeploymentPlan { Policy = policy });

    private static BalancingPolicy Policy(string name) => name == "default" ? new() : s_other;

    private static KubernetesFiles Find(string policy) => policy == "default" ? s_default : Render(s_other);

    private static (string Path, int? Period, int? Timeout, int? Failures) Numbers(V1Probe probe) =>
        (probe.HttpGet.Path, probe.PeriodSeconds, probe.TimeoutSeconds, probe.FailureThreshold);

    private static IEnumerable<V1Probe> Probes(V1Container container) =>
        ((V1Probe?[])[container.LivenessProbe, container.ReadinessProbe, container.StartupProbe]).OfType<V1Probe>();

    private static string Variable(V1Container container, string name) =>
        Assert.Single(container.Env, variable => variable.Name == name).Value;
}
