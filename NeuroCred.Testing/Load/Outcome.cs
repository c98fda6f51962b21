using System.Net;

namespace NeuroCred.Testing.Load;

/// <summary>A request to send.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Subject">What it does it to: a wallet's address, or a transaction's hash.</param>
/// <param name="CreateRequest">Makes the request.</param>
public sealed record WorkItem(string Kind, string Subject, Func<HttpRequestMessage> CreateRequest)
{
    /// <summary>
    /// Whether an answer, with this body, says that the servers had met the request before: something between the client and them sent it
    /// more than once. Default: none says so.
    /// </summary>
    public Func<HttpResponseMessage, string, bool> WasResent { get; init; } = static (_, _) => false;

    /// <summary>The status of a success. Default: any from 200 to 299.</summary>
    public HttpStatusCode? Success { get; init; }

    /// <summary>Whether an answer is a success.</summary>
    public bool IsSuccess(HttpResponseMessage response) =>
        Success is { } success ? response.StatusCode == success : response.IsSuccessStatusCode;
}

/// <summary>What came of a request.</summary>
/// <param name="Item">The request.</param>
/// <param name="Due">When it was due, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> tells the time.</param>
/// <param name="Latency">How long after that the answer was complete.</param>
/// <param name="Status">The answer's status, or null when there was none.</param>
/// <param name="Replica">Who answered, as the header <c>X-Served-By</c> says.</param>
/// <param name="Error">What went wrong, the body of an answer that is no success, or null.</param>
public sealed record Outcome(WorkItem Item, long Due, TimeSpan Latency, int? Status, string? Replica, string? Error)
{
    /// <summary>No answer, or one that is no success.</summary>
    public bool Failed => Error is not null;

    /// <summary>The answer said when to try again.</summary>
    public bool HasRetryAfter { get; init; }

    /// <summary>What <see cref="WorkItem.WasResent"/> said of the answer.</summary>
    public bool WasResent { get; init; }

    /// <summary>The request's id, as the header <c>X-Request-ID</c> of the answer says.</summary>
    public string? RequestId { get; init; }

    /// <summary>The outcome on one line.</summary>
    public override string ToString() =>
        $"{Item.Kind}: {Status?.ToString() ?? "no answer"} after {Latency.TotalMilliseconds:0} ms from {Replica ?? "nobody"}: {Error}";
}
