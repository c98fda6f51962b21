using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Renders a <see cref="CostReport"/> for people.</summary>
internal static class CostMarkdown
{
    /// <summary>The whole report.</summary>
    public static string Render(CostReport report) =>
        $"""
        # Cost

        {report.At:yyyy-MM-dd HH:mm} UTC, {report.Machine}.

        {RenderRequests(report)}
        {RenderOther(report)}
        {RenderCache(report)}
        What this was computed from:

        {Table.Render(
            [
                "", "requests/s", "failed", "nginx ms/s", "replicas ms/s", "Postgres ms/s", "Redis ms/s", "machine ms/s",
                "client conns", "upstream conns", "Postgres conns", "Redis conns",
            ],
            [.. report.Points.Select(p => (IReadOnlyList<string>)
            [
                p.Kind, Number(p.PerSecond, "0"), Number(p.Failed, "0"), .. Parts(p.Cpu, "0"), Number(p.Machine, "0"),
                Number(p.Connections.Clients, "0"), Number(p.Connections.Upstream, "0"),
                Number(p.Connections.Postgres, "0"), Number(p.Connections.Redis, "0"),
            ])])}
        """;

    /// <summary>What a request costs, on a busy machine and on a quiet one.</summary>
    public static string RenderRequests(CostReport report) =>
        Table.Render(
            [
                "one request",
                "nginx ms",
                "replica ms",
                "Postgres ms",
                "Redis ms",
                "requests/s",
                "WAL bytes",
                "stored bytes",
                "answer bytes",
                "median ms",
                "p99 ms",
            ],
            [
                .. report.Requests.SelectMany(r =>
                    (IReadOnlyList<string>[])
                        [
                            [
                                $"{r.Kind}, busy",
                                .. Parts(r.Cpu, "0.00"),
                                Number(r.BusyPerSecond, "#,0"),
                                Number(r.WalBytes, "#,0"),
                                Number(r.StoredBytes, "#,0"),
                                Number(r.AnswerBytes, "#,0"),
                                "",
                                "",
                            ],
                            [
                                $"{r.Kind}, quiet",
                                .. Parts(r.QuietCpu, "0.00"),
                                "",
                                "",
                                "",
                                "",
                                Number(r.MedianMs, "0.0"),
                                Number(r.P99Ms, "0.0"),
                            ],
                        ]
                ),
            ]
        );

    /// <summary>What else was measured.</summary>
    public static string RenderOther(CostReport report) =>
        Table.Render(
            ["what else", "measured"],
            [
                ["a replica's memory after its start", Number(report.Memory.ReplicaIdle, "0 MiB")],
                ["a replica's memory under load, at most", Number(report.Memory.ReplicaLoaded, "0 MiB")],
                ["a replica's memory for an open WebSocket", Number(report.Memory.LiveConnectionKib, "0 KiB")],
                ["nginx's memory, at most", Number(report.Memory.Gateway, "0 MiB")],
                ["Postgres's memory, at most", Number(report.Memory.Postgres, "0 MiB")],
                ["Redis's memory, at most", Number(report.Memory.Redis, "0 MiB")],
                ["three replicas without requests", Number(report.Idle.Replicas, "0 ms/s")],
                ["telling one replica of a new score: the replica", Number(1000 * report.Announcement.Replicas, "0.0 us")],
                ["telling one replica of a new score: Redis", Number(1000 * report.Announcement.Redis, "0.0 us")],
                .. report.Commits.Select(c =>
                    (IReadOnlyList<string>)[Number(c.Connections, "commits by 0 connections"), Number(c.PerSecond, "#,0/s")]
                ),
            ]
        );

    /// <summary>What the score cache costs and saves, in microseconds, without nginx's part.</summary>
    public static string RenderCache(CostReport report) =>
        Table.Render(
            [
                "one request, busy",
                "with Redis: replica us",
                "Postgres us",
                "Redis us",
                "all us",
                "without: replica us",
                "Postgres us",
                "all us",
            ],
            [
                .. report.Cache.Select(c =>
                    (IReadOnlyList<string>)
                        [
                            c.Kind,
                            .. new[]
                            {
                                c.Cached.Replicas,
                                c.Cached.Postgres,
                                c.Cached.Redis,
                                c.Cached.Total - c.Cached.Gateway,
                                c.Plain.Replicas,
                                c.Plain.Postgres,
                                c.Plain.Total - c.Plain.Gateway,
                            }.Select(milliseconds => Number(1000 * milliseconds, "#,0")),
                        ]
                ),
            ]
        );

    private static IEnumerable<string> Parts(CpuUse cpu, string format) =>
        [Number(cpu.Gateway, format), Number(cpu.Replicas, format), Number(cpu.Postgres, format), Number(cpu.Redis, format)];

    private static string Number(double value, string format) => value.ToString(format);
}
