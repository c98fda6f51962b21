using System.Diagnostics;
using NeuroCred.Api.Telemetry;

namespace NeuroCred.Api.Redis;

/// <summary>
/// The span and the duration of one command, as the caller has it: from when it asks until it has an answer or goes on without. The
/// library's own instrumentation would tell of the command instead, whose answer nobody waits for any more after
/// <see cref="RedisConnection.Timeout"/>.
/// </summary>
internal sealed class RedisCall : IDisposable
{
    private readonly string _operation;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Activity? _span;
    private string? _error;

    public RedisCall(string operation, TimeProvider time)
    {
        (_operation, _time, _started) = (operation, time, time.GetTimestamp());
        _span = ApiTelemetry.Spans.StartActivity(operation, ActivityKind.Client);
        _span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);
    }

    /// <param name="error">The kind of error: few values.</param>
    public void Fail(string error)
    {
        _error = error;
        _span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
    }

    public void Dispose()
    {
        ApiTelemetry.RecordRedis(_operation, _time.GetElapsedTime(_started), _error);
        _span?.Dispose();
    }
}
