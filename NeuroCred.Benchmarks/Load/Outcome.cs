using System.Globalization;

namespace NeuroCred.Benchmarks.Load;

/// <summary>A request to send.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Subject">What it does it to: a wallet's address, or a transaction's hash.</param>
/// <param name="CreateRequest">Makes the request.</param>
internal sealed record WorkItem(string Kind, string Subject, Func<HttpRequestMessage> CreateRequest);

/// <summary>What came of a request.</summary>
/// <param name="Item">The request.</param>
/// <param name="Due">When it was due.</param>
/// <param name="Latency">How long after that the answer was complete.</param>
/// <param name="Status">The answer's status, or null when there was none.</param>
/// <param name="Replica">Who answered.</param>
/// <param name="Error">What went wrong, or null.</param>
internal sealed record Outcome(WorkItem Item, long Due, TimeSpan Latency, int? Status, string? Replica, string? Error)
{
    /// <summary>No answer, or one that is no success.</summary>
    public bool Failed => Error is not null;

    /// <summary>The answer said when to try again.</summary>
    public bool HasRetryAfter { get; init; }

    /// <summary>A write that the replicas had met before: something between the client and them sent it more than once.</summary>
    public bool WasResent { get; init; }

    public override string ToString()
        => $"{Item.Kind}: {Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"} after {Latency.TotalMilliseconds:0} ms from {Replica ?? "nobody"}: {Error}";
}
