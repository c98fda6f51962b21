using System.Text.Json;

namespace NeuroCred.Benchmarks.Report;

/// <summary>Writes a report as JSON and as Markdown.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads a report that was written before.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InvalidOperationException">The file is no such report.</exception>
    public static async Task<T?> ReadAsync<T>(string folder, string name, CancellationToken cancellationToken)
        where T : class
    {
        var file = Path.Combine(folder, $"{name}.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(file, cancellationToken), s_json);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"{file} cannot be added to, since it is no report of this version: {e.Message} Remove it, or give another --out.",
                e
            );
        }
    }

    /// <summary>Writes both files into a folder, which is made if it is missing.</summary>
    /// <returns>Where they are.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync<T>(string folder, string name, T report, string markdown)
    {
        Directory.CreateDirectory(folder);
        string[] files = [Path.Combine(folder, $"{name}.json"), Path.Combine(folder, $"{name}.md")];
        await File.WriteAllTextAsync(files[0], JsonSerializer.Serialize(report, s_json) + "\n");
        await File.WriteAllTextAsync(files[1], markdown);
        return files;
    }

    /// <summary>Writes a report that is Markdown only.</summary>
    /// <returns>Where it is.</returns>
    public static async Task<string> WriteMarkdownAsync(string folder, string name, string markdown)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{name}.md");
        await File.WriteAllTextAsync(file, markdown);
        return file;
    }
}
