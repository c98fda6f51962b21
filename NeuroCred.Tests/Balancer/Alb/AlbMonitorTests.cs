using NeuroCred.Balancer.Deployment;
using static NeuroCred.Tests.Balancer.Alb.AlbCases;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>The monitor in nginx's tasks.</summary>
[StartsProcesses]
public sealed class AlbMonitorTests
{
    private const string Log = "/var/log/neurocred";

    private readonly TerraformModule _module = RenderModule(Other);

    private Dictionary<string, object?> Task => _module.Resource("aws_ecs_task_definition", "nginx");

    private Dictionary<string, object?> Nginx => _module.BesideNginx("nginx");

    private Dictionary<string, object?> Monitor => _module.BesideNginx("monitor");

    private Dictionary<string, object?> LogFolder => _module.BesideNginx("log-folder");

    [Fact]
    public void It_reads_the_log_that_nginx_writes_to_a_folder_of_the_task()
    {
        Assert.Contains($"access_log {Log}/access.log ", _module.Files["gateway/nginx/nginx.conf"], StringComparison.Ordinal);
        // Without a path: the task's own disk, which is all that Fargate has.
        var volume = Task.Block("volume");
        Assert.Equal(["name"], volume.Keys);
        Assert.All([Nginx, Monitor, LogFolder], container => Assert.Equal((volume["name"], Log), Mount(container)));
        // The same, because the monitor empties the log.
        Assert.Equal(("101", "101"), (Nginx["user"], Monitor["user"]));
    }

    [Fact]
    public void The_folder_can_be_written_to_before_nginx_opens_its_log()
    {
        Assert.Equal(["chmod"], (List<object?>)LogFolder["entryPoint"]!);
        // Said, so that it is not that of nginx's image.
        Assert.Equal(["0777", Log], (List<object?>)LogFolder["command"]!);
        // The folder's owner changes its mode without any capability. The task goes on when this container has ended.
        Assert.Equal(("0", false), (LogFolder["user"], LogFolder["essential"]));
        Assert.All([Nginx, Monitor], container => Assert.Equal([("log-folder", "SUCCESS")], Needs(container)));
    }

    [Fact]
    public void Nginx_serves_on_when_it_ends_and_it_is_started_again()
    {
        Assert.Equal(false, Monitor["essential"]);
        Assert.False(Nginx.ContainsKey("essential"));
        Assert.Equal(["serve-always"], (List<object?>)Monitor["entryPoint"]!);
    }

    [Fact]
    public void It_has_the_policy_of_nginx_and_asks_nginx_and_every_replica()
    {
        var variables = Monitor.Objects("environment").ToDictionary(v => (string)v["name"]!, v => v["value"]);
        var settings = DeployedMonitor.Settings(Other);

        Assert.Equal(settings.Count + 2, variables.Count);
        Assert.All(settings, setting => Assert.Equal(Literal(setting.Value), variables[setting.Name]));
        Assert.Equal(
            ("http://${local.replicas}:5000", "http://${local.replicas}:9091"),
            (variables["Monitor__Discovery__Url"], variables["Monitor__Discovery__ManagementUrl"])
        );
        Assert.Equal("${local.replicas}", _module.Variables("nginx").Single(v => (string)v["name"]! == "REPLICAS")["value"]);
        Assert.Contains("listen 8081;", _module.Files["gateway/nginx/conf.d/status.conf"], StringComparison.Ordinal);
    }

    // Kubernetes gives nginx 256 MiB too, of which the log may take 32 there.
    [Fact]
    public void The_task_has_room_for_both_and_the_monitor_takes_nothing_that_nginx_needs()
    {
        Assert.Equal(256m, Monitor["memory"]);
        Assert.True((decimal)Task["memory"]! - (decimal)Monitor["memory"]! >= 256);
        Assert.Equal(Task["cpu"], (decimal)Nginx["cpu"]! + (decimal)Monitor["cpu"]!);
        Assert.True((decimal)Nginx["cpu"]! >= 7 * (decimal)Monitor["cpu"]!);
    }

    [Fact]
    public void Nobody_reaches_it_but_whom_a_rule_of_the_users_own_lets_in()
    {
        Assert.Equal(
            [8080m],
            _module
                .Resources("aws_vpc_security_group_ingress_rule")
                .Values.Where(rule => (string)rule["security_group_id"]! == "${aws_security_group.nginx.id}")
                .Select(rule => rule["to_port"])
        );
        Assert.Equal("${aws_security_group.nginx.id}", _module.All.Block("output", "nginx_security_group_id")["value"]);
    }

    private static (object?, object?) Mount(Dictionary<string, object?> container)
    {
        var mount = Assert.Single(container.Objects("mountPoints"));
        return (mount["sourceVolume"], mount["containerPath"]);
    }

    private static IEnumerable<(object?, object?)> Needs(Dictionary<string, object?> container) =>
        container.Objects("dependsOn").Select(needed => (needed["containerName"], needed["condition"]));
}
