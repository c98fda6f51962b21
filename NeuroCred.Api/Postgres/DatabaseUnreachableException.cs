namespace NeuroCred.Api.Postgres;

/// <summary>The circuit is open, or opened while a request waited for Postgres.</summary>
/// <param name="problem">Why, in words for an operator.</param>
internal sealed class DatabaseUnreachableException(string? problem) : Exception(problem);
