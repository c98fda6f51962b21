using NeuroCred.Tests.Npm;

namespace NeuroCred.Tests.Api.OpenApi;

[StartsProcesses]
public sealed class ApiDocumentLintTests
{
    [Fact]
    public async Task The_linter_finds_nothing_with_its_recommended_rules()
    {
        NpmTools.SkipIfMissing();

        var (code, output) = await Tool.RunAsync(
            "node",
            Repository.Folder,
            new Dictionary<string, string> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
            Path.Combine(NpmTools.Packages, "@redocly/cli/bin/cli.js"),
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
