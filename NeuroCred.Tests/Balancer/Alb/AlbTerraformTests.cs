using NeuroCred.Tests.Balancer.Nginx;
using static NeuroCred.Tests.Balancer.Alb.AlbCases;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>Terraform itself, where it is installed.</summary>
[StartsProcesses]
public sealed class AlbTerraformTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terraform_reads_the_module_and_has_nothing_to_format(bool other)
    {
        Assert.SkipWhen(Tool.Find("terraform") is null, "terraform is not installed.");
        using var folder = new TemporaryFolder();
        foreach (var (path, text) in RenderModule(other ? Other : new()).Files)
        {
            var file = Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, path))!).FullName;
            await File.WriteAllTextAsync(Path.Combine(file, Path.GetFileName(path)), text, TestContext.Current.CancellationToken);
        }

        var (code, output) = await Tool.RunAsync(
            "terraform",
            folder.Path,
            new Dictionary<string, string>(),
            "fmt",
            "-check",
            "-diff",
            "-no-color"
        );

        Assert.True(code == 0, output);
    }
}
