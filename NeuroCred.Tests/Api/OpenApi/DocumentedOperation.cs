using System.Text.Json.Nodes;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>An operation as the document that is checked in has it, with the examples of what it takes.</summary>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Parameters">Their names, where they are (path, query or header), and an example of each.</param>
/// <param name="Body">An example; null if it takes none.</param>
internal sealed record DocumentedOperation(
    string Method,
    string Path,
    IReadOnlyList<(string Name, string In, string Example)> Parameters,
    JsonNode? Body
)
{
    /// <summary>All of the document, and HEAD for every GET.</summary>
    public static IReadOnlyList<DocumentedOperation> ReadAll()
    {
        var document = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Repository.Folder, ApiDocument.Path)))!;
        return
        [
            .. document["paths"]!
                .AsObject()
                .SelectMany(path => path.Value!.AsObject().Select(operation => Read(path.Key, operation.Key, operation.Value!)))
                .SelectMany(operation =>
                    operation.Method == "GET" ? [operation, operation with { Method = "HEAD" }] : (DocumentedOperation[])[operation]
                ),
        ];
    }

    private static DocumentedOperation Read(string path, string method, JsonNode operation) =>
        new(
            method.ToUpperInvariant(),
            path,
            [
                .. (operation["parameters"]?.AsArray() ?? []).Select(parameter =>
                    ((string)parameter!["name"]!, (string)parameter["in"]!, parameter["example"]!.ToString())
                ),
            ],
            operation["requestBody"]?["content"]!["application/json"]!["example"]
        );
}
