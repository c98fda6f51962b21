namespace NeuroCred.Api.Configuration;

/// <summary>Everything the Api is configured with, read and checked once, at start.</summary>
/// <param name="ApiKey"><c>Api:Key</c>: what writers send as X-API-Key. Required, at least 8 characters.</param>
/// <param name="Database"><c>ConnectionStrings:neurocred</c>, in Npgsql's format or as a URL, with <see cref="DatabaseDefaults"/> and <c>Postgres:PoolSize</c> filled in. Required.</param>
/// <param name="Redis"><c>ConnectionStrings:redis</c>, in StackExchange.Redis's format or as a URL. Without it there is no cache.</param>
/// <param name="KeyRetention"><c>Idempotency:RetentionHours</c>: how long an Idempotency-Key is remembered. Default and least: 24 h.</param>
/// <param name="MaxLiveConnections"><c>Live:MaxConnections</c>: how many WebSockets this replica serves at once. Default: 1000.</param>
/// <param name="MaxConcurrentRequests"><c>Api:MaxConcurrentRequests</c>: how many requests this replica works on at once; more wait. Default: 256.</param>
internal sealed record ApiOptions(
    string ApiKey, string Database, string? Redis, TimeSpan KeyRetention, int MaxLiveConnections, int MaxConcurrentRequests);
