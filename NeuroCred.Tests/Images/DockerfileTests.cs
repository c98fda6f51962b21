using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.Images;

/// <summary>What <c>docker build</c> needs to be told.</summary>
public sealed partial class DockerfileTests
{
    public static TheoryData<string> Files =>
        [
            .. RepositoryFiles
                .Find("Dockerfile")
                .Select(file => Path.GetRelativePath(Repository.Folder, file))
                .Where(path => !path.Contains("/Templates/", StringComparison.Ordinal)),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_Dockerfile_is_built_without_an_argument(string path)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Folder, path));
        // Only what is before the first stage counts in a FROM.
        var first = From().Match(text);
        var arguments = Argument()
            .Matches(text[..first.Index])
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        HashSet<string> stages = [];

        foreach (Match from in From().Matches(text))
        {
            var named = Variable().Match(from.Groups[1].Value);
            var image = named.Success ? arguments.GetValueOrDefault(named.Groups[1].Value, "") : from.Groups[1].Value;
            Assert.True(stages.Contains(image) || Image().IsMatch(image), $"{path}: '{from.Value}' is '{image}', which is no image.");
            stages.Add(from.Groups[2].Value);
        }

        Assert.True(first.Success, path);
    }

    [GeneratedRegex(@"^FROM (\S+)(?: AS (\S+))?$", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^ARG (\w+)(?:=(\S+))?$", RegexOptions.Multiline)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^\$\{(\w+)\}$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9./-]*:[\w.-]+$")]
    private static partial Regex Image();
}
