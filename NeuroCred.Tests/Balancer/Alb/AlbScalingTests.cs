using static NeuroCred.Tests.Balancer.Alb.AlbCases;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>How many replicas there are, and what raises an alarm.</summary>
[StartsProcesses]
public sealed class AlbScalingTests
{
    [Fact]
    public void The_policy_decides_how_many_replicas_there_are()
    {
        var module = RenderModule(Other);
        var target = module.Resource("aws_appautoscaling_target", "api");

        Assert.Equal(
            (4m, 9m, 4m),
            (target["min_capacity"], target["max_capacity"], module.Resource("aws_ecs_service", "api")["desired_count"])
        );
        Assert.Equal((61m, "ECSServiceAverageCPUUtilization"), Measure(module, "cpu"));
        // As many as have a quarter of the replicas' processors: 9 of half a one.
        var nginx = module.Resource("aws_appautoscaling_target", "nginx");
        Assert.Equal((2m, 5m), (nginx["min_capacity"], nginx["max_capacity"]));
        Assert.Equal((61m, "ECSServiceAverageCPUUtilization"), Measure(module, "nginx"));
        Assert.Equal((71m, "ECSServiceAverageMemoryUtilization"), Measure(module, "memory"));
    }

    [Fact]
    public void A_replica_is_added_also_when_requests_take_longer_and_no_more_of_them_arrive()
    {
        var configuration = RenderModule(Other)
            .Resource("aws_appautoscaling_policy", "requests")
            .Block("target_tracking_scaling_policy_configuration");
        var metrics = configuration
            .Block("customized_metric_specification")
            .Objects("metrics")
            .ToDictionary(metric => (string)metric["id"]!);

        Assert.Equal(33m, configuration["target_value"]);
        // Little's law. AWS counts requests per minute, and measures seconds, and each replica once a minute.
        Assert.Equal("requests / 60 * seconds / replicas", metrics["under_way"]["expression"]);
        Assert.Equal(("Sum", "RequestCount"), Statistic(metrics["requests"]));
        Assert.Equal(("Average", "TargetResponseTime"), Statistic(metrics["seconds"]));
        Assert.Equal(("SampleCount", "CPUUtilization"), Statistic(metrics["replicas"]));
        // Exactly one may be the answer.
        Assert.Equal(["under_way"], metrics.Where(metric => metric.Value["return_data"] is true).Select(metric => metric.Key));
    }

    [Fact]
    public void What_a_client_would_notice_raises_an_alarm_and_its_end_is_told_too()
    {
        var module = RenderModule(Other);
        var alarms = module.Resources("aws_cloudwatch_metric_alarm");

        Assert.Equal(["errors", "latency", "missing", "unhealthy"], alarms.Keys.Order());
        Assert.All(
            alarms.Values,
            alarm => Assert.Equal(("${local.alarm_actions}", "${local.alarm_actions}"), (alarm["alarm_actions"], alarm["ok_actions"]))
        );
        Assert.All(alarms.Values, alarm => Assert.Contains("Look at ", (string)alarm["alarm_description"]!, StringComparison.Ordinal));
        // No request is no error; no task that could be measured is what this alarm is for.
        Assert.Equal(
            ["breaching", "notBreaching", "notBreaching", "notBreaching"],
            alarms.OrderBy(alarm => alarm.Key != "missing").Select(alarm => alarm.Value["treat_missing_data"])
        );
        var wanted = module.All.Objects("locals").Single(locals => locals.ContainsKey("wanted")).Object("wanted");
        Assert.Equal([("api", 4m), ("nginx", 2m)], wanted.Keys.Select(of => (of, wanted.Object(of)["tasks"])));
    }

    private static (object?, object?) Statistic(Dictionary<string, object?> metric) =>
        (metric.Block("metric_stat")["stat"], metric.Block("metric_stat").Block("metric")["metric_name"]);

    private static (object?, object?) Measure(TerraformModule module, string name)
    {
        var configuration = module.Resource("aws_appautoscaling_policy", name).Block("target_tracking_scaling_policy_configuration");
        return (configuration["target_value"], configuration.Block("predefined_metric_specification")["predefined_metric_type"]);
    }
}
