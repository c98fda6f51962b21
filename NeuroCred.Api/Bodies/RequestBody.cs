using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuroCred.Api.Bodies;

/// <summary>A body of a request, whose endpoint refuses what it does not know: most of it is misspelt.</summary>
internal abstract record RequestBody
{
    /// <summary>What it has besides the fields that are read; null for nothing.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
