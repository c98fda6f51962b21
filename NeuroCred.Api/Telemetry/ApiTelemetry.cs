using System.Diagnostics;
using System.Diagnostics.Metrics;
using NeuroCred.Api.Scores;

namespace NeuroCred.Api.Telemetry;

/// <summary>The Api's own metrics and spans. Labels have few values each: never a wallet, a path or a key.</summary>
internal static class ApiTelemetry
{
    public const string Name = "NeuroCred.Api";

    /// <summary>Spans of what no library traces by itself.</summary>
    public static readonly ActivitySource Spans = new(Name);

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_scores = s_meter.CreateCounter<long>(
        "neurocred.scores",
        "{request}",
        "Requests for a new score, by outcome"
    );

    private static readonly Counter<long> s_scoresComputed = s_meter.CreateCounter<long>(
        "neurocred.scores.computed",
        "{score}",
        "Scores computed and stored, by risk band"
    );

    private static readonly Counter<long> s_idempotencyWaits = s_meter.CreateCounter<long>(
        "neurocred.idempotency.waits",
        "{request}",
        "Requests for a new score that waited for one like them, by how that ended"
    );

    private static readonly Counter<long> s_transactions = s_meter.CreateCounter<long>(
        "neurocred.transactions",
        "{transaction}",
        "Transactions received in valid batches: new, or stored before"
    );

    private static readonly Counter<long> s_purged = s_meter.CreateCounter<long>(
        "neurocred.purged",
        "{row}",
        "Rows that were deleted because they are not kept any longer"
    );

    private static readonly Counter<long> s_cacheRequests = s_meter.CreateCounter<long>(
        "neurocred.cache.requests",
        "{request}",
        "Look-ups of a score in the cache, by result"
    );

    private static readonly Histogram<double> s_postgresWait = s_meter.CreateHistogram<double>(
        "neurocred.postgres.wait",
        "s",
        "How long a request waited for a connection to Postgres"
    );

    private static readonly Counter<long> s_postgresRetries = s_meter.CreateCounter<long>(
        "neurocred.postgres.retries",
        "{retry}",
        "Work that was run again because its connection to Postgres broke"
    );

    private static readonly Counter<long> s_postgresCircuitOpened = s_meter.CreateCounter<long>(
        "neurocred.postgres.circuit.opened",
        "{opening}",
        "How often Postgres could no longer serve this replica"
    );

    // The standard's name for what any client of a database measures; Npgsql's meter has the same for Postgres.
    private static readonly Histogram<double> s_operationDuration = s_meter.CreateHistogram<double>(
        "db.client.operation.duration",
        "s",
        "Duration of database client operations."
    );

    private static readonly Counter<long> s_rateLimited = s_meter.CreateCounter<long>(
        "neurocred.rate_limit.refused",
        "{request}",
        "Requests answered 429 because their client had sent as many as it may, by route and limit"
    );

    private static readonly Counter<long> s_liveEnds = s_meter.CreateCounter<long>(
        "neurocred.live.ended",
        "{connection}",
        "Live-score connections that ended, by reason"
    );

    private static long s_liveConnections;

    // Observed, not counted up and down: it is there, with 0, before the first one is opened.
    static ApiTelemetry() =>
        s_meter.CreateObservableUpDownCounter(
            "neurocred.live.connections",
            () => Volatile.Read(ref s_liveConnections),
            "{connection}",
            "Open live-score connections"
        );

    public static void CountLiveBegin() => Interlocked.Increment(ref s_liveConnections);

    public static void CountLiveEnd(string reason)
    {
        Interlocked.Decrement(ref s_liveConnections);
        s_liveEnds.Add(1, Tag("reason", reason));
    }

    public static void Count(ScoreOutcome outcome) =>
        s_scores.Add(
            1,
            Tag(
                "outcome",
                outcome switch
                {
                    ScoreOutcome.Computed => "computed",
                    ScoreOutcome.Replayed => "replayed",
                    ScoreOutcome.OtherPayload => "other_payload",
                    ScoreOutcome.StillRunning => "still_running",
                    _ => "wallet_busy",
                }
            )
        );

    public static void CountComputed(int riskBand) => s_scoresComputed.Add(1, Tag("band", riskBand.ToString()));

    /// <param name="replayed">Whether the other one's answer was there in the end; else it was given up.</param>
    public static void CountIdempotencyWait(bool replayed) =>
        s_idempotencyWaits.Add(1, Tag("result", replayed ? "replayed" : "still_running"));

    public static void CountTransactions(int accepted, int duplicates)
    {
        s_transactions.Add(accepted, Tag("result", "accepted"));
        s_transactions.Add(duplicates, Tag("result", "duplicate"));
    }

    public static void CountPurged(string what, int rows) => s_purged.Add(rows, Tag("what", what));

    public static void Count(CacheResult result)
    {
        if (result != CacheResult.NotConfigured)
        {
            s_cacheRequests.Add(
                1,
                Tag(
                    "result",
                    result switch
                    {
                        CacheResult.Hit => "hit",
                        CacheResult.Miss => "miss",
                        _ => "unavailable",
                    }
                )
            );
        }
    }

    public static void CountRateLimited(string route, string limit) => s_rateLimited.Add(1, Tag("http.route", route), Tag("limit", limit));

    public static void RecordPostgresWait(TimeSpan duration) => s_postgresWait.Record(duration.TotalSeconds);

    public static void CountPostgresRetry() => s_postgresRetries.Add(1);

    public static void CountPostgresCircuitOpened() => s_postgresCircuitOpened.Add(1);

    public static void RecordRedis(string operation, TimeSpan duration, string? error)
    {
        TagList tags = new() { { "db.system.name", "redis" }, { "db.operation.name", operation } };
        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        s_operationDuration.Record(duration.TotalSeconds, tags);
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
