using NeuroCred.Balancer.CommandLine;
using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.CommandLine;

public sealed class BalancerProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.At("deploy");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_valid_policy_is_said_to_be_valid() => Assert.Equal((0, "valid\n", ""), Run("validate", "--Balancing:Timeouts:Read=5s"));

    [Fact]
    public void All_mistakes_of_file_and_arguments_are_told_at_once()
    {
        var file = WritePolicy("""{ "Balancing": { "Algorithm": "random", "Timeouts": { "Reed": "5s" } } }""");

        var (code, output, error) = Run("validate", "--policy", file, "--Balancing:Scaling:MinReplicas", "0");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("Balancing:Algorithm is 'random'", error, StringComparison.Ordinal);
        Assert.Contains("Balancing:Timeouts:Reed is not known", error, StringComparison.Ordinal);
        Assert.Contains("Balancing:Scaling:MinReplicas is 0", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_command_line_says_counts_more_than_the_file()
    {
        var file = WritePolicy("""{ "Balancing": { "Scaling": { "MinReplicas": 4 }, "Upstream": { "Port": 5000 } } }""");

        Assert.Equal(0, Run("render", "--out", Out, "--target", "nginx", "--policy", file, "--Balancing:Scaling:MinReplicas=2").Code);

        var gateway = File.ReadAllText(Path.Combine(Out, "nginx/fixed/conf.d/gateway.conf"));
        Assert.Contains("server api-2:5000 ", gateway, StringComparison.Ordinal);
        Assert.DoesNotContain("server api-3:", gateway, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Upstream\": {} }", "has no section 'Balancing' or 'Deployment'")]
    [InlineData("{ \"Balancing\": ", "is no JSON")]
    public void A_file_that_says_nothing_of_the_policy_is_refused(string content, string message) =>
        AssertRefused(message, "validate", "--policy", WritePolicy(content));

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        AssertRefused("'/nowhere/policy.json'", "validate", "--policy", "/nowhere/policy.json");

    [Fact]
    public void What_is_deployed_is_said_beside_the_policy_and_every_platform_deploys_it()
    {
        const string image = "registry.example.org/team/api:2.1";
        var file = WritePolicy(
            $$"""
            {
              "Deployment": {
                "Images": { "Api": "{{image}}", "CloudNativePg": "registry.example.org/postgresql:17" },
                "PostgresPoolSize": 5,
                "AwsRegion": "eu-central-1",
                "RailwayRegion": "europe-west4-drams3a",
                "RenderRegion": "frankfurt"
              }
            }
            """
        );

        var (code, _, error) = Run("render", "--out", Out, "--policy", file, "--Deployment:Resources:CpuMillicores=250");

        Assert.Equal((0, ""), (code, error));
        string Rendered(string path) => File.ReadAllText(Path.Combine(Out, path));
        Assert.Contains(image, Rendered("compose/compose.yaml"), StringComparison.Ordinal);
        Assert.Contains(image, Rendered("swarm/stack.yaml"), StringComparison.Ordinal);
        Assert.Contains($"image: \"{image}\"", Rendered("kubernetes/api-deployment.yaml"), StringComparison.Ordinal);
        Assert.Contains(
            "imageName: \"registry.example.org/postgresql:17\"",
            Rendered("kubernetes/postgres/cluster.yaml"),
            StringComparison.Ordinal
        );
        Assert.Contains("cpu: 250m", Rendered("kubernetes/api-deployment.yaml"), StringComparison.Ordinal);
        Assert.Matches("(?m)^  cpu +=  *256$", Rendered("alb/ecs.tf"));
        Assert.Contains($"\"{image}\"", Rendered("alb/variables.tf"), StringComparison.Ordinal);
        Assert.Contains("region = \"eu-central-1\"", Rendered("alb/provider.tf"), StringComparison.Ordinal);
        Assert.Contains("replicas: { \"europe-west4-drams3a\": 3 }", Rendered("railway/.railway/railway.ts"), StringComparison.Ordinal);
        Assert.Contains("region: frankfurt", Rendered("render/render.yaml"), StringComparison.Ordinal);
        Assert.DoesNotContain("oregon", Rendered("render/render.yaml"), StringComparison.Ordinal);
        Assert.Contains("Postgres__PoolSize: \"5\"", Rendered("railway/.railway/railway.ts"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Images:Api=a\"b", "Deployment:Images:Api is 'a\"b': give an image")]
    [InlineData("PostgresPoolSize=0", "Deployment:PostgresPoolSize is '0': give a number, 1 to 1000")]
    [InlineData("Resources:CpuLimitMillicores=100", "Deployment:Resources:CpuLimitMillicores is '100': give a number, 500 to 64000")]
    [InlineData("Resources:CpuMillicores=2000", "Deployment:Resources:CpuLimitMillicores is 1000: give a number, 2000 to 64000")]
    [InlineData("Resources:MemoryMebibytes=600", "Deployment:Resources:MemoryLimitMebibytes is 512: give a number, 600 to 262144")]
    [InlineData("RenderRegion=mars", "Deployment:RenderRegion is 'mars': give one of oregon")]
    [InlineData("AwsRegion=eu central", "Deployment:AwsRegion is 'eu central': give a region, such as eu-central-1")]
    [InlineData("RailwayRegion=\"", "Deployment:RailwayRegion is '\"': give a region, such as europe-west4-drams3a")]
    [InlineData("Image=a", "Deployment:Image is not known")]
    public void What_cannot_be_deployed_is_refused_with_the_key_and_the_fix(string setting, string message) =>
        AssertRefused(message, "validate", $"--Deployment:{setting}");

    [Fact]
    public void A_replica_that_is_larger_than_what_a_platform_has_is_refused_with_the_key_and_nothing_is_written_for_any_platform()
    {
        AssertRefused(
            "Deployment:Resources: a replica of 500",
            "render",
            "--out",
            Out,
            "--Deployment:Resources:MemoryLimitMebibytes=100000"
        );

        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Only_the_platforms_that_were_asked_for_are_rendered()
    {
        Assert.Equal(0, Run("render", "--out", Out, "--target", "compose", "--target", "swarm").Code);

        Assert.Equal(["compose", "swarm"], Directory.EnumerateDirectories(Out).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_is_generated_no_longer_goes_and_what_people_wrote_stays()
    {
        Run("render", "--out", Out, "--target", "nginx", "--Balancing:Algorithm=cookie_hash");
        var stale = Path.Combine(Out, "nginx/fixed/conf.d/affinity.conf");
        var own = Path.Combine(Out, "nginx/fixed/conf.d/own.conf");
        Assert.True(File.Exists(stale));
        File.WriteAllText(own, "# mine\n");

        var (code, output, _) = Run("render", "--out", Out, "--target", "nginx");

        Assert.Equal(0, code);
        Assert.Contains($"removed   {stale}", output, StringComparison.Ordinal);
        Assert.Contains($"unchanged {Path.Combine(Out, "nginx/fixed/nginx.conf")}", output, StringComparison.Ordinal);
        Assert.False(File.Exists(stale));
        Assert.True(File.Exists(own));
    }

    [Fact]
    public void An_invalid_policy_writes_nothing()
    {
        Assert.Equal(1, Run("render", "--out", Out, "--Balancing:Upstream:Port=0").Code);

        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("rendr")]
    [InlineData("render", "--target", "openshift")]
    [InlineData("validate", "--polcy", "x")]
    [InlineData]
    public void A_command_line_that_is_not_understood_is_answered_with_exit_code_2(params string[] args)
    {
        var (code, output, error) = Run(args);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_command()
    {
        var (code, output, _) = Run("--help");

        Assert.Equal(0, code);
        Assert.All(["render", "validate", "explain"], command => Assert.Contains(command, output, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_platform_explains_every_setting_to_who_asks()
    {
        var (code, output, _) = Run("explain");

        Assert.Equal(0, code);
        Assert.All(DeploymentTargets.All, target => Assert.Contains($"{target.Title}\n", output, StringComparison.Ordinal));
        Assert.Equal(
            DeploymentTargets.All.Count * PolicyKeys.All.Count,
            output.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal))
        );
    }

    private string WritePolicy(string json)
    {
        _folder.Write("policy.json", json);
        return _folder.At("policy.json");
    }

    private static void AssertRefused(string message, params string[] args)
    {
        var (code, _, error) = Run(args);

        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        return (new BalancerProgram(output, error).Run(args), output.ToString(), error.ToString());
    }
}
