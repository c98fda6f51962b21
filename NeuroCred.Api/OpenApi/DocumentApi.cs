using Microsoft.AspNetCore.Http.HttpResults;
using Scalar.AspNetCore;

namespace NeuroCred.Api.OpenApi;

/// <summary>
/// The OpenAPI document, and a page to read and try the API by it. The document is the file <c>openapi.json</c> of this folder, which a
/// test keeps in step with the endpoints: a replica makes nothing when it starts, and needs no library for it.
/// </summary>
internal static class DocumentApi
{
    private const string Document = "/openapi/v1.json";

    public static void MapDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Document, ApiMethods.Read, Open).ExcludeFromDescription();
        endpoints
            .MapScalarApiReference(
                "/docs",
                page =>
                {
                    page.Title = "NeuroCred API";
                    page.OpenApiRoutePattern = Document;
                    // What the page would ask of its makers' servers.
                    page.DefaultFonts = false;
                    page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
                    page.Telemetry = false;
                    page.Agent = new() { Disabled = true };
                    page.Mcp = new() { Disabled = true };
                }
            )
            .WithMetadata(new HttpMethodMetadata(ApiMethods.Read)) // of itself it takes GET alone
            .ExcludeFromDescription();
    }

    private static FileStreamHttpResult Open() =>
        TypedResults.Stream(typeof(DocumentApi).Assembly.GetManifestResourceStream("openapi.json")!, "application/json");
}
