using NeuroCred.Tests.Documents;
using YamlDotNet.RepresentationModel;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>What <c>kubectl kustomize</c> makes of the files and of overlays on them.</summary>
[StartsProcesses]
public sealed class OverlayTests
{
    [Theory]
    [InlineData(".")]
    [InlineData("migration")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task Kustomize_builds_what_is_checked_in(string folder)
    {
        var output = await BuildAsync($"resources: [../kubernetes/{folder}]");

        var kinds =
            folder == "."
                ? Default.Kustomization.Resources.SelectMany(Default.Read).Select(found => found.Kind).Append("ConfigMap")
                : Default.ReadFolder(folder).Select(found => found.Kind);
        Assert.Equal(kinds.Order(), Kinds(output).Order());
    }

    [Fact]
    public async Task Kustomize_builds_the_overlay_of_the_page()
    {
        var output = await BuildAsync(OverlayOfPage());

        Assert.Contains("image: registry.example.org/neurocred-api:1.2.3", output, StringComparison.Ordinal);
        Assert.Contains("name: my-gateway", output, StringComparison.Ordinal);
        Assert.Contains($"name: {Queue}", output, StringComparison.Ordinal);
        Assert.Contains("PodMonitor", Kinds(output));
        Assert.Contains("PrometheusRule", Kinds(output));
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

    [Fact]
    public async Task An_overlay_moves_everything_to_another_namespace()
    {
        var output = await BuildAsync(
            """
            namespace: other
            resources: [../kubernetes, ../kubernetes/postgres, ../kubernetes/redis]
            components: [../kubernetes/queue-length, ../kubernetes/prometheus]
            """
        );

        var namespaces = Regex.Matches(output, @"^ *namespace: (\S+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.Equal(["gateway", "other"], namespaces.Distinct().Order());
        Assert.Matches(@"(?m)^  name: other$", output);
        Assert.DoesNotContain("neurocred.svc", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_Gateway_API_nginx_has_a_load_balancer_of_its_own()
    {
        var output = await BuildAsync("resources: [../kubernetes]\ncomponents: [../kubernetes/load-balancer]", Other);

        Assert.DoesNotContain("HTTPRoute", Kinds(output));
        var type = Assert.Single(Regex.Matches(output, @"^  type: (LoadBalancer|ClusterIP)$", RegexOptions.Multiline));
        Assert.Equal("LoadBalancer", type.Groups[1].Value);
        // As a node's address all clients would be one.
        Assert.Contains("externalTrafficPolicy: Local", output, StringComparison.Ordinal);
    }

    private static string OverlayOfPage() =>
        MarkdownPage.Named("docs/deploying/kubernetes-overlay.md").Blocks.Single(block => block.Language == "yaml").Text;

    private static async Task<string> BuildAsync(string overlay, KubernetesFiles? files = null)
    {
        Assert.SkipWhen(Tool.Find("kubectl") is null, "kubectl is not installed: Debian has it in the package kubernetes-client.");
        using var folder = new TemporaryFolder();
        var texts = (files ?? Default).Texts.Select(file => ($"kubernetes/{file.Key}", file.Value));
        foreach (var (path, text) in texts.Append(("mine/kustomization.yaml", overlay)))
        {
            folder.Write(path, text);
        }

        var (code, output) = await Tool.RunInAsync(folder.At("mine"), "kubectl", "kustomize", ".");
        Assert.True(code == 0, output);
        return output;
    }

    private static IEnumerable<string> Kinds(string output) =>
        Regex.Matches(output, @"^kind: (\w+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
}
