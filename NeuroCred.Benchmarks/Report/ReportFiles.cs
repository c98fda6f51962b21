using System.Text.Json;

namespace NeuroCred.Benchmarks.Report;

/// <summary>Reads reports, and writes them as JSON and as Markdown.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a report that was written before.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fix">What to do if it is no such report.</param>
    /// <exception cref="InvalidOperationException">The file is no such report.</exception>
    public static T Read<T>(string file, string fix)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file), s_json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{file} is no report of this version: {e.Message} {fix}", e);
        }
    }

    /// <summary>Writes a report into a folder, which is made if it is missing, and shows it.</summary>
    public static async Task WriteAsync<T>(string folder, string name, T report, string markdown)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{name}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, s_json) + "\n");
        await WriteMarkdownAsync(folder, name, markdown);
        Console.WriteLine($"Written: {file}");
    }

    /// <summary>The same of a report that is Markdown only.</summary>
    public static async Task WriteMarkdownAsync(string folder, string name, string markdown)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{name}.md");
        await File.WriteAllTextAsync(file, markdown);
        Console.WriteLine($"{Environment.NewLine}{markdown}{Environment.NewLine}Written: {file}");
    }
}
