using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Deployment;
using NeuroCred.Tests.Npm;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>The rendered module, read as a whole, as Terraform reads it.</summary>
internal sealed class TerraformModule
{
    private static readonly string[] s_kinds = ["data", "locals", "output", "provider", "resource", "terraform", "variable"];

    public TerraformModule(DeploymentPlan plan)
    {
        Files = new AlbTarget().RenderFiles(plan);
        All = NpmTools.ReadHcl(string.Join('\n', Terraform));
        Assert.All(All.Keys, kind => Assert.Contains(kind, s_kinds));
    }

    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>Those of its files that are Terraform's.</summary>
    public IEnumerable<string> Terraform =>
        Files.Where(file => file.Key.EndsWith(".tf", StringComparison.Ordinal)).Select(file => file.Value);

    public Dictionary<string, object?> All { get; }

    public Dictionary<string, object?> TargetGroup => Resource("aws_lb_target_group", "nginx");

    public Dictionary<string, object?> Resource(string type, string name) => All.Block("resource", type, name);

    /// <summary>The resources of a type, by their names.</summary>
    public Dictionary<string, Dictionary<string, object?>> Resources(string type) =>
        All.Object("resource").Object(type).Keys.ToDictionary(name => name, name => Resource(type, name));

    /// <summary>The first container of a task: what is its own, since the rest is the same for all.</summary>
    public Dictionary<string, object?> Container(string task) => Containers(task)[0];

    /// <summary>A container of nginx's task.</summary>
    public Dictionary<string, object?> BesideNginx(string name) =>
        Assert.Single(Containers("nginx"), container => (string)container["name"]! == name);

    // jsonencode([merge(local.container, { ... }), merge(local.container, { ... })])
    private List<Dictionary<string, object?>> Containers(string task) =>
        [
            .. ((List<object?>)Argument("jsonencode(", Resource("aws_ecs_task_definition", task)["container_definitions"])!).Select(
                container => (Dictionary<string, object?>)Argument("merge(local.container, ", container)!
            ),
        ];

    // A call is read as its text. What it is given is an expression that can be read by itself.
    private static object? Argument(string before, object? call)
    {
        var text = (string)call!;
        Assert.StartsWith("${" + before, text, StringComparison.Ordinal);
        Assert.EndsWith(")}", text, StringComparison.Ordinal);
        return NpmTools.ReadHcl($"argument = {text[(before.Length + 2)..^2]}")["argument"];
    }

    /// <summary>A variable of the container's environment.</summary>
    public object? Variable(string name) => Variables("api").Single(variable => (string)variable["name"]! == name)["value"];

    public IEnumerable<Dictionary<string, object?>> Variables(string task) => Container(task).Objects("environment");
}
