using k8s;
using k8s.Models;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>How many replicas there are, and by which measures.</summary>
[StartsProcesses]
public sealed class AutoscalingTests
{
    [Fact]
    public void The_policy_decides_how_many_replicas_there_are()
    {
        var spec = Other.Get<V2HorizontalPodAutoscaler>("api").Spec;
        var patch = Assert.Single(
            KubernetesYaml.Deserialize<List<MetricPatch>>(Other.Texts["queue-length/autoscaler-patch.yaml"], strict: true)
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
        var requests = Other.ApiContainer.Resources.Requests;
        Assert.Equal(("500m", "256Mi"), (requests["cpu"].ToString(), requests["memory"].ToString()));
    }

    [Fact]
    public async Task The_adapter_serves_the_queue_of_each_replica_also_of_one_where_nothing_ever_waited()
    {
        var promtool = Tool.Find("promtool");
        Assert.SkipWhen(promtool is null, "promtool is not installed: ./setup.sh --tests installs it.");
        var rule = Assert.Single(KubernetesYaml.Deserialize<AdapterValues>(Default.Texts[AdapterValuesFile], strict: true).Rules.Custom);
        Assert.Equal(Queue, rule.Name.As);
        Assert.Equal(["namespace", "pod"], rule.Resources.Overrides.Keys.Order());
        using var folder = new TemporaryFolder();
        var query = rule
            .MetricsQuery.Replace("<<.GroupBy>>", "pod", StringComparison.Ordinal)
            .Replace("<<.LabelMatchers>>", "namespace=\"neurocred\",pod=~\"a|b\"", StringComparison.Ordinal);
        folder.Write(
            "test.yaml",
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
            """
        );

        var (code, output) = await Tool.RunInAsync(folder.Path, promtool, "test", "rules", "test.yaml");

        Assert.True(code == 0, output);
    }
}
