using NeuroCred.Api.Configuration;
using NeuroCred.Balancer.Deployment;
using YamlDotNet.RepresentationModel;

namespace NeuroCred.Tests.Documents;

/// <summary>The README and the docs: links lead somewhere, files that are named exist, snippets can be read, pages are short.</summary>
public sealed partial class PageTests
{
    private const int MostWordsOfReadme = 900;
    private const int MostWordsOfPage = 1500;
    private const int MostWordsOfDeploymentPage = 900;

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_heading_that_is_there(string path)
    {
        foreach (var link in Find(path).Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
        {
            var (target, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var file = target.Length == 0 ? path : Relative(Path.Combine(Path.GetDirectoryName(path)!, target));
            AssertIsThere(file, anchor, $"{path} links to {link}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_that_is_named_is_there(string path)
    {
        foreach (var name in Find(path).CodeSpans.Where(code => PathInRepository().IsMatch(code) && IsBelowTop(code)))
        {
            var file = Path.Combine(Repository.Folder, name);
            Assert.True(File.Exists(file) || Directory.Exists(file), $"{path} names {name}, which is not there.");
        }
    }

    [Fact]
    public void Every_page_that_a_source_file_names_is_there()
    {
        string[] sources = ["*.cs", "*.sh", "*.yaml", "*.yml", "*.conf", "*.js", "*.tf", "*.ts", "*.props", "*.json"];
        foreach (var file in sources.SelectMany(pattern => RepositoryFiles.Find(pattern)))
        {
            foreach (Match match in PageInSource().Matches(File.ReadAllText(file)))
            {
                var anchor = match.Groups[2].Success ? match.Groups[2].Value : null;
                AssertIsThere(match.Groups[1].Value, anchor, $"{Relative(file)} names {match.Value}");
            }
        }
    }

    [Fact]
    public void Every_page_is_linked_from_another_one()
    {
        var linked = MarkdownPage
            .All.SelectMany(page =>
                page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal))
                    .Select(link => Relative(Path.Combine(Path.GetDirectoryName(page.Path)!, link.Split('#')[0])))
            )
            .ToHashSet();

        Assert.All(
            MarkdownPage.All,
            page => Assert.True(page.Path == "README.md" || linked.Contains(page.Path), $"No page links to {page}.")
        );
    }

    [Fact]
    public void The_readme_is_for_a_newcomer() => Assert.InRange(MarkdownPage.Words(Find("README.md").Text), 1, MostWordsOfReadme);

    // docs/failover.md is a report: the benchmark writes it.
    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_short_but_for_its_tables(string path)
    {
        var most = path.StartsWith("docs/deploying", StringComparison.Ordinal) ? MostWordsOfDeploymentPage : MostWordsOfPage;
        var words = Find(path).WordsOutsideTables;
        Assert.True(path == "docs/failover.md" || words <= most, $"{path} has {words} words outside of tables: split it.");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_snippet_can_be_read(string path)
    {
        foreach (var block in Find(path).Blocks)
        {
            switch (block.Language)
            {
                case "json":
                    using (JsonDocument.Parse(block.Text)) { }

                    break;
                case "yaml":
                    new YamlStream().Load(new StringReader(block.Text));
                    break;
                case "ini":
                    Assert.All(block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), ReadConnection);
                    break;
                case "sh": // ShellSyntaxTests
                case "hcl": // TerraformSnippetTests
                case "csharp":
                case "mermaid":
                case "text": // what a program writes
                    break;
                default:
                    Assert.Fail($"{path}:{block.Line}: a block in '{block.Language}'. Name its language, and say here how it is checked.");
                    break;
            }
        }

        Assert.All(
            Find(path).Prose,
            line =>
                Assert.False(
                    IndentedCommand().IsMatch(line),
                    $"{path}: '{line.Trim()}' looks like a command. Put it between fences, so that a test runs it."
                )
        );
    }

    [Theory]
    [InlineData("compose")]
    [InlineData("swarm")]
    [InlineData("kubernetes")]
    [InlineData("alb")]
    [InlineData("render")]
    [InlineData("railway")]
    [InlineData("nginx")]
    public void The_page_of_a_platform_tells_from_what_it_needs_to_what_was_checked(string target)
    {
        string[] headings = ["What you need", "Start", "What you see", "Undo", "What it costs", "What was checked"];
        var page = Find(DeploymentTargets.All.Single(found => found.Name == target).Page);

        Assert.Equal(
            headings,
            page.Prose.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]).Intersect(headings)
        );
    }

    [Fact]
    public void The_page_of_the_policy_says_why_it_differs_from_the_guide_where_a_reader_would_ask()
    {
        var text = string.Join(' ', Find("docs/balancing.md").Prose);

        Assert.Contains("`health_check` is a directive of NGINX Plus", text, StringComparison.Ordinal);
        Assert.Matches(@"`max_fails=3 fail_timeout=30s`.*for 30 s.*`fail_timeout=10s` 10\.8 s.*`1s` 2\.0 s", text);
    }

    private static void ReadConnection(string line)
    {
        const string Key = "ConnectionStrings__neurocred=";
        Assert.StartsWith(Key, line, StringComparison.Ordinal);
        Assert.NotEmpty(DatabaseDefaults.Complete(ConnectionUrls.ReadPostgres(line[Key.Length..])));
    }

    private static void AssertIsThere(string file, string? anchor, string what)
    {
        var full = Path.Combine(Repository.Folder, file);
        Assert.True(File.Exists(full) || Directory.Exists(full), $"{what}, which is not there.");
        Assert.True(anchor is null || Find(file).Anchors.Contains(anchor), $"{what}, which has no such heading.");
    }

    private static MarkdownPage Find(string path) => MarkdownPage.Named(path);

    private static string Relative(string path) => Path.GetRelativePath(Repository.Folder, Path.GetFullPath(path, Repository.Folder));

    // What builds make is not there before them; "./update.sh" is from a folder that the page has entered.
    private static bool IsBelowTop(string path) =>
        path.Split('/')[0] is var top && top is not ("artifacts" or ".") && Path.Exists(Path.Combine(Repository.Folder, top));

    [GeneratedRegex(@"^[\w.-]+(/[\w.-]+)+/?$|^[\w.-]+\.(sh|props|json|md|sln)$")]
    private static partial Regex PathInRepository();

    [GeneratedRegex(@"(?<![\w/.-])(docs/[\w/-]+\.md|CONTRIBUTING\.md)(?:#([\w-]+))?")]
    private static partial Regex PageInSource();

    [GeneratedRegex(@"^ {4,}(\./|dotnet |curl |sudo |kubectl |docker |kill |nginx |cp |cd |\w+=\S+ )")]
    private static partial Regex IndentedCommand();
}
