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
            folder.Write(path, text);
        }

        var (code, output) = await Tool.RunInAsync(folder.Path, "terraform", "fmt", "-check", "-diff", "-no-color");

        Assert.True(code == 0, output);
    }
}
