using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>The rendered module, read as a whole, as Terraform reads it.</summary>
internal sealed class TerraformModule
{
    public TerraformModule(DeploymentPlan plan)
    {
        Files = new AlbTarget().Render(plan).ToDictionary(file => file.Path, file => file.Content);
        foreach (var body in Terraform.Select(HclParser.Parse))
        {
            Assert.Empty(body.Attributes);
            All.Blocks.AddRange(body.Blocks);
        }
    }

    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>Those of its files that are Terraform's.</summary>
    public IEnumerable<string> Terraform =>
        Files.Where(file => file.Key.EndsWith(".tf", StringComparison.Ordinal)).Select(file => file.Value);

    public HclBody All { get; } = new();

    public HclBody TargetGroup => Resource("aws_lb_target_group", "nginx");

    public HclBody Resource(string type, string name) => All.Block("resource", type, name);

    /// <summary>The first container of a task: what is its own, since the rest is the same for all.</summary>
    public Dictionary<string, object?> Container(string task) => Containers(task)[0];

    /// <summary>A container of nginx's task.</summary>
    public Dictionary<string, object?> BesideNginx(string name) =>
        Assert.Single(Containers("nginx"), container => (string)container["name"]! == name);

    // jsonencode([merge(local.container, { ... }), merge(local.container, { ... })])
    private List<Dictionary<string, object?>> Containers(string task)
    {
        var parts = ((HclExpression)Resource("aws_ecs_task_definition", task)["container_definitions"]!).Text.Split(
            "merge(local.container, "
        );
        Assert.Equal("jsonencode([", parts[0].Trim());
        return
        [
            .. parts[1..]
                .Select(part => part[..(part.LastIndexOf("})", StringComparison.Ordinal) + 1)])
                .Select(own => (Dictionary<string, object?>)HclParser.Parse($"own = {own}")["own"]!),
        ];
    }

    /// <summary>A variable of the container's environment.</summary>
    public object? Variable(string name) => Variables("api").Single(variable => (string)variable["name"]! == name)["value"];

    public IEnumerable<Dictionary<string, object?>> Variables(string task) => Environment(Container(task));

    /// <summary>The variables of a container.</summary>
    public static IEnumerable<Dictionary<string, object?>> Environment(Dictionary<string, object?> container) =>
        ((List<object?>)container["environment"]!).Cast<Dictionary<string, object?>>();
}
