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

    /// <summary>The one container of a task: what is its own, since the rest is the same for all.</summary>
    public Dictionary<string, object?> Container(string task)
    {
        // jsonencode([merge(local.container, { ... })])
        const string begin = "jsonencode([merge(local.container, ";
        var text = ((HclExpression)Resource("aws_ecs_task_definition", task)["container_definitions"]!).Text;
        Assert.StartsWith(begin, text, StringComparison.Ordinal);
        Assert.EndsWith(")])", text, StringComparison.Ordinal);
        return (Dictionary<string, object?>)HclParser.Parse($"own = {text[begin.Length..^3]}")["own"]!;
    }

    /// <summary>A variable of the container's environment.</summary>
    public object? Variable(string name) => Variables("api").Single(variable => (string)variable["name"]! == name)["value"];

    public IEnumerable<Dictionary<string, object?>> Variables(string task) =>
        ((List<object?>)Container(task)["environment"]!).Cast<Dictionary<string, object?>>();
}
