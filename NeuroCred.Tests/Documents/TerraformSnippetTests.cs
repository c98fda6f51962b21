using NeuroCred.Tests.Balancer.Alb;
using NeuroCred.Tests.Npm;

namespace NeuroCred.Tests.Documents;

/// <summary>Terraform's language in the pages can be read, and uses our module as it wants to be used.</summary>
[StartsProcesses]
public sealed class TerraformSnippetTests
{
    [Fact]
    public void A_module_in_a_page_is_given_what_it_asks_for()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Folder, "deploy/alb/variables.tf"));
        var variables = NpmTools.ReadHcl(file).Object("variable");
        var required = variables.Keys.Where(name => !variables.Block(name).ContainsKey("default")).ToHashSet();
        var modules = MarkdownPage
            .All.SelectMany(page => page.Blocks)
            .Where(block => block.Language == "hcl")
            .Select(block => NpmTools.ReadHcl(block.Text))
            .Where(snippet => snippet.ContainsKey("module"))
            .SelectMany(snippet => snippet.Object("module").Keys.Select(name => snippet.Block("module", name)))
            .ToList();

        Assert.NotEmpty(modules);
        foreach (var module in modules)
        {
            var given = module.Keys.Where(key => key != "source").ToHashSet();
            Assert.Subset(variables.Keys.ToHashSet(), given);
            Assert.Superset(required, given);
        }
    }
}
