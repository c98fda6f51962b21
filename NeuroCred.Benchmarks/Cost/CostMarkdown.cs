using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Renders a <see cref="CostReport"/> for people.</summary>
internal static class CostMarkdown
{
    public static string Render(CostReport report) =>
        $"""
        # Cost

        {report.At:yyyy-MM-dd HH:mm} UTC, {report.Machine}.

        {RenderRequests(report)}
        {RenderOther(report)}
        {RenderCache(report)}
        What this was computed from:

        {Table.Render(
            report.Points,
            ("", p => p.Kind),
            ("requests/s", p => Number(p.PerSecond, "0")),
            ("failed", p => Number(p.Failed, "0")),
            ("nginx ms/s", p => Number(p.Cpu.Gateway, "0")),
            ("replicas ms/s", p => Number(p.Cpu.Replicas, "0")),
            ("Postgres ms/s", p => Number(p.Cpu.Postgres, "0")),
            ("Redis ms/s", p => Number(p.Cpu.Redis, "0")),
            ("machine ms/s", p => Number(p.Machine, "0")),
            ("client conns", p => Number(p.Connections.Clients, "0")),
            ("upstream conns", p => Number(p.Connections.Upstream, "0")),
            ("Postgres conns", p => Number(p.Connections.Postgres, "0")),
            ("Redis conns", p => Number(p.Connections.Redis, "0")))}
        """;

    /// <summary>What a request costs, on a busy machine and on a quiet one.</summary>
    public static string RenderRequests(CostReport report) =>
        Table.Render(
            report.Requests.SelectMany(r => new[] { (Cost: r, r.Cpu, IsBusy: true), (Cost: r, Cpu: r.QuietCpu, IsBusy: false) }),
            ("one request", r => $"{r.Cost.Kind}, {(r.IsBusy ? "busy" : "quiet")}"),
            ("nginx ms", r => Number(r.Cpu.Gateway, "0.00")),
            ("replica ms", r => Number(r.Cpu.Replicas, "0.00")),
            ("Postgres ms", r => Number(r.Cpu.Postgres, "0.00")),
            ("Redis ms", r => Number(r.Cpu.Redis, "0.00")),
            ("requests/s", r => r.IsBusy ? Number(r.Cost.BusyPerSecond, "#,0") : ""),
            ("WAL bytes", r => r.IsBusy ? Number(r.Cost.WalBytes, "#,0") : ""),
            ("stored bytes", r => r.IsBusy ? Number(r.Cost.StoredBytes, "#,0") : ""),
            ("answer bytes", r => r.IsBusy ? Number(r.Cost.AnswerBytes, "#,0") : ""),
            ("median ms", r => r.IsBusy ? "" : Number(r.Cost.MedianMs, "0.0")),
            ("p99 ms", r => r.IsBusy ? "" : Number(r.Cost.P99Ms, "0.0"))
        );

    /// <summary>What else was measured.</summary>
    public static string RenderOther(CostReport report) =>
        Table.Render<(string What, string Measured)>(
            [
                ("a replica's memory after its start", Number(report.Memory.ReplicaIdle, "0 MiB")),
                ("a replica's memory under load, at most", Number(report.Memory.ReplicaLoaded, "0 MiB")),
                ("a replica's memory for an open WebSocket", Number(report.Memory.LiveConnectionKib, "0 KiB")),
                ("nginx's memory, at most", Number(report.Memory.Gateway, "0 MiB")),
                ("Postgres's memory, at most", Number(report.Memory.Postgres, "0 MiB")),
                ("Redis's memory, at most", Number(report.Memory.Redis, "0 MiB")),
                ("three replicas without requests", Number(report.Idle.Replicas, "0 ms/s")),
                ("telling one replica of a new score: the replica", Number(1000 * report.Announcement.Replicas, "0.0 us")),
                ("telling one replica of a new score: Redis", Number(1000 * report.Announcement.Redis, "0.0 us")),
                .. report.Commits.Select(c => (Number(c.Connections, "commits by 0 connections"), Number(c.PerSecond, "#,0/s"))),
            ],
            ("what else", row => row.What),
            ("measured", row => row.Measured)
        );

    /// <summary>What the score cache costs and saves, in microseconds, without nginx's part.</summary>
    public static string RenderCache(CostReport report) =>
        Table.Render(
            report.Cache,
            ("one request, busy", c => c.Kind),
            ("with Redis: replica us", c => Microseconds(c.Cached.Replicas)),
            ("Postgres us", c => Microseconds(c.Cached.Postgres)),
            ("Redis us", c => Microseconds(c.Cached.Redis)),
            ("all us", c => Microseconds(c.Cached.Total - c.Cached.Gateway)),
            ("without: replica us", c => Microseconds(c.Plain.Replicas)),
            ("Postgres us", c => Microseconds(c.Plain.Postgres)),
            ("all us", c => Microseconds(c.Plain.Total - c.Plain.Gateway))
        );

    private static string Microseconds(double milliseconds) => Number(1000 * milliseconds, "#,0");

    private static string Number(double value, string format) => value.ToString(format);
}
