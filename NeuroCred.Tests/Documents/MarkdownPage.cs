namespace NeuroCred.Tests.Documents;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">The word after the fence.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Section">The heading that it stands under.</param>
/// <param name="Text">What is in it.</param>
internal sealed record FencedBlock(string Language, int Line, string Section, string Text);

/// <summary>A Markdown file of the repository.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string file)
    {
        Path = System.IO.Path.GetRelativePath(Repository.Folder, file);
        Text = File.ReadAllText(file);
        var prose = new List<string>();
        var blocks = new List<FencedBlock>();
        var section = "";
        var lines = Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is not { Success: true } fence)
            {
                prose.Add(lines[i]);
                section = lines[i].StartsWith('#') ? lines[i].TrimStart('#').Trim() : section;
                continue;
            }

            var indent = fence.Groups[1].Length;
            var start = i + 1;
            for (i++; i < lines.Length && !Fence().IsMatch(lines[i]); i++) { }

            var text = lines[start..i].Select(line => line.Length < indent ? line : line[indent..]);
            blocks.Add(new(fence.Groups[2].Value, start + 1, section, string.Join('\n', text)));
        }

        Prose = prose;
        Blocks = blocks;
    }

    /// <summary>All pages of the repository but those that tests compare reports with.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. RepositoryFiles
            .Find("*.md")
            .Where(file => !file.Contains("/Expected/", StringComparison.Ordinal))
            .Select(file => new MarkdownPage(file)),
    ];

    /// <summary>Its path from the repository's folder.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>Its lines outside of fenced blocks.</summary>
    public IReadOnlyList<string> Prose { get; }

    /// <summary>Its fenced blocks.</summary>
    public IReadOnlyList<FencedBlock> Blocks { get; }

    /// <summary>The shell commands in them.</summary>
    public IEnumerable<string> Commands => CommandsOf(Blocks);

    /// <summary>What can stand behind the # of a link to it, as GitHub makes it from the headings.</summary>
    public IEnumerable<string> Anchors =>
        Prose
            .Where(line => line.StartsWith('#'))
            .Select(line => Unspoken().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Where its links lead.</summary>
    public IEnumerable<string> Links => Prose.SelectMany(line => Link().Matches(line)).Select(match => match.Groups[1].Value);

    /// <summary>What stands between backticks.</summary>
    public IEnumerable<string> CodeSpans => Prose.SelectMany(line => Code().Matches(line)).Select(match => match.Groups[1].Value);

    /// <summary>How many words it has outside of tables.</summary>
    public int WordsOutsideTables => Words(string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith('|'))));

    /// <summary>The page with this path from the repository's folder.</summary>
    public static MarkdownPage Named(string path) => All.Single(page => page.Path == path);

    /// <summary>The shell commands under a heading.</summary>
    public IEnumerable<string> CommandsUnder(string section) => CommandsOf(Blocks.Where(block => block.Section == section));

    /// <summary>How many words a text has, as <c>wc -w</c> counts them.</summary>
    public static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static IEnumerable<string> CommandsOf(IEnumerable<FencedBlock> blocks) =>
        blocks.Where(block => block.Language == "sh").SelectMany(ShellCommands.In);

    [GeneratedRegex(@"^( *)```(\w*)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Unspoken();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
