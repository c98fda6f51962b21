namespace NeuroCred.Benchmarks.Cost;

/// <summary>How long an answer is.</summary>
internal static class AnswerSize
{
    private const int StatusLine = 17; // HTTP/1.1 200 OK and its line's end
    private const int LineEnds = 4,
        EmptyLine = 2; // ": " and the line's end of each header

    /// <summary>Asks once, and counts the bytes of the answer, with its header.</summary>
    /// <exception cref="InvalidOperationException">The answer was no success, or did not come from where this kind of request takes
    /// it.</exception>
    public static async Task<int> MeasureAsync(Uri gateway, WorkItem item, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway };
        using var request = item.CreateRequest();
        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var cache = response.Headers.TryGetValues("X-Cache", out var values) ? values.Single() : null;
        if (!item.IsSuccess(response) || cache != ExpectedCache(item.Kind))
        {
            throw new InvalidOperationException(
                $"{item.Kind} was answered {(int)response.StatusCode}, X-Cache {cache ?? "missing"}: its cost would be another's."
            );
        }

        var headers = response
            .Headers.Concat(response.Content.Headers)
            .SelectMany(h => h.Value, (h, value) => h.Key.Length + value.Length + LineEnds)
            .Sum();
        return StatusLine + headers + EmptyLine + body.Length;
    }

    private static string? ExpectedCache(string kind) =>
        kind switch
        {
            CostWorkload.Cached => "HIT",
            CostWorkload.Uncached => "MISS",
            _ => null,
        };
}
