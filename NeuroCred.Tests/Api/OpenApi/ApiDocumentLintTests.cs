using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Api.OpenApi;

[StartsProcesses]
public sealed class ApiDocumentLintTests
{
    [Fact]
    public async Task The_linter_finds_nothing_with_its_recommended_rules()
    {
        var linter = Path.Combine(Repository.Folder, "NeuroCred.Tests/Api/OpenApi/node_modules/@redocly/cli/bin/cli.js");
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed.");
        Assert.SkipUnless(File.Exists(linter), "The linter is not installed: ./setup.sh --tests installs it.");

        var (code, output) = await Tool.RunAsync(
            "node",
            Repository.Folder,
            new Dictionary<string, string> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
            linter,
            "lint",
            "--extends=recommended",
            ApiDocument.Path
        );

        Assert.True(
            code == 0
                && output.Contains("Your API description is valid", StringComparison.Ordinal)
                && !output.Contains("You have", StringComparison.Ordinal), // "1 warning", "2 errors"
            output
        );
    }
}
