using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>A history as JSON lines, one for each operation.</summary>
internal static class HistoryFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
    };

    public static Task WriteAsync(string file, IEnumerable<Operation> history)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return File.WriteAllLinesAsync(file, history.Select(o => JsonSerializer.Serialize(o, s_json)));
    }

    /// <exception cref="InvalidOperationException">A line is no operation.</exception>
    public static async Task<IReadOnlyList<Operation>> ReadAsync(string file, CancellationToken cancellationToken) =>
        [.. (await File.ReadAllLinesAsync(file, cancellationToken)).Select((line, i) => Read(file, line, i + 1))];

    private static Operation Read(string file, string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Operation>(line, s_json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"Line {number} of {file} is no operation: {e.Message}", e);
        }
    }
}
