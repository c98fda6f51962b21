using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>What the document says of one operation besides what its endpoint does.</summary>
/// <param name="Tag">Its group: one of <see cref="Operations.Tags"/>.</param>
internal sealed record OperationText(string Tag)
{
    /// <summary>What a client has to know and the summary does not say.</summary>
    public string? Description { get; init; }

    /// <summary>What the endpoint reads by itself: headers, and the query.</summary>
    public List<OpenApiParameter> Parameters { get; } = [];

    /// <summary>An example of the body, if it has one.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>An example of the answer.</summary>
    public JsonNode? Answer { get; init; }

    /// <summary>An example of the answer with 503, if that is no problem.</summary>
    public JsonNode? Unavailable { get; init; }

    /// <summary>Headers of the answer.</summary>
    public Dictionary<string, OpenApiHeader> Headers { get; } = [];

    /// <summary>Headers of answers that are described once for all operations, by status.</summary>
    public Dictionary<int, string[]> SharedHeaders { get; } = [];

    /// <summary>Problems that no other operation has, and better examples than the shared ones, by status.</summary>
    public Dictionary<int, ProblemDetails> Problems { get; } = [];
}
