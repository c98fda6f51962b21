using NeuroCred.Monitor.Diagnostics;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class DiagnosisDocumentTests
{
    [Fact]
    public void Each_finding_is_documented_and_no_other()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Folder, "docs", "diagnosis.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .Where(id =>
                id == FindingIds.SharedDependency
                || id.Contains('/', StringComparison.Ordinal) && FindingIds.All.Any(known => known.Split('/')[0] == id.Split('/')[0])
            );

        Assert.Equal(FindingIds.All.Order(), documented.Order());
    }
}
