using System.Reflection;

namespace NeuroCred.Tests;

/// <summary>The fast tests start no process, also when somebody adds a test.</summary>
public sealed partial class StartsProcessesTests
{
    /// <summary>Found in the sources: a class starts processes if its file names what <see cref="Starts"/> says, or a helper that
    /// does.</summary>
    [Fact]
    public void Who_starts_a_process_says_so()
    {
        var files = Documents
            .RepositoryFiles.Find("*.cs", "NeuroCred.Tests")
            .Where(file => !file.EndsWith(nameof(StartsProcessesTests) + ".cs", StringComparison.Ordinal))
            .Select(file => Comments().Replace(File.ReadAllText(file), ""))
            .ToList();
        HashSet<string> starting = [];
        var names = Starts();
        for (var before = -1; before < starting.Count; )
        {
            before = starting.Count;
            starting.UnionWith(files.Where(text => names.IsMatch(text)).SelectMany(ClassesIn));
            var helpers = starting.Select(name => name.Split('.')[^1]).Where(name => !name.EndsWith("Tests", StringComparison.Ordinal));
            names = new($@"\b({string.Join('|', helpers)})\b");
        }

        var tests = typeof(StartsProcessesTests)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute))))
            .ToList();

        Assert.Contains(typeof(WholeSystem.ScoringTests).FullName!, starting);
        Assert.All(
            tests,
            type =>
                Assert.True(
                    type.IsDefined(typeof(StartsProcessesAttribute)) == starting.Contains(type.FullName!),
                    $"{type.FullName} has [StartsProcesses] and starts none, or starts processes and lacks it."
                )
        );
    }

    private static IEnumerable<string> ClassesIn(string text) =>
        Classes().Matches(text).Select(match => $"{Namespace().Match(text).Groups[1].Value}.{match.Groups[1].Value}");

    [GeneratedRegex(
        @"\b(ProcessStartInfo|Process\.Start|ChildProcess|ProgramProcess|Tool\.Run(?:In)?Async|FreshSystem|DistributedApplicationTestingBuilder|ChosenRuntime|LocalPostgres|Playwright)\b"
    )]
    private static partial Regex Starts();

    [GeneratedRegex(@"\b(?:class|record|struct) (\w+)")]
    private static partial Regex Classes();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("//.*")]
    private static partial Regex Comments();
}
