using NeuroCred.Testing.Processes;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Documents;

/// <summary>All code has one format, which a tool gives it.</summary>
[StartsProcesses]
public sealed class CodeFormatTests
{
    [Fact]
    public async Task Every_file_of_C_sharp_has_the_format_of_CSharpier()
    {
        await DotnetAsync("tool", "restore");

        var (code, output) = await DotnetAsync("csharpier", "check", ".");

        Assert.True(code == 0, $"Run `dotnet csharpier format .`:\n{output}");
    }

    private static Task<(int Code, string Output)> DotnetAsync(params string[] arguments) =>
        Tool.RunAsync("dotnet", Repository.Folder, new Dictionary<string, string>(), arguments);
}
