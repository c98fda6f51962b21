namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>What a file, a block or an object of Terraform's language holds. Blocks are lists: <c>resource.aws_lb.gateway[0]</c>.</summary>
internal static class HclBody
{
    /// <summary>The one block of a type and with labels.</summary>
    public static Dictionary<string, object?> Block(this Dictionary<string, object?> body, params string[] typeAndLabels) =>
        Assert.Single(typeAndLabels[..^1].Aggregate(body, Object).Objects(typeAndLabels[^1]));

    public static Dictionary<string, object?> Object(this Dictionary<string, object?> body, string name) =>
        (Dictionary<string, object?>)body[name]!;

    public static IEnumerable<Dictionary<string, object?>> Objects(this Dictionary<string, object?> body, string name) =>
        ((List<object?>)body[name]!).Cast<Dictionary<string, object?>>();
}
