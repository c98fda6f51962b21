using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using NeuroCred.Api;
using NeuroCred.Api.Configuration;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>The OpenAPI document of the endpoints that the Api maps now.</summary>
internal static class ApiDocument
{
    /// <summary>Where it is checked in, from the repository's folder.</summary>
    public const string Path = "NeuroCred.Api/OpenApi/openapi.json";

    private const string Name = "v1";

    /// <summary>Makes it, without a server: no request is answered.</summary>
    public static async Task<string> GenerateAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults(new(builder.Configuration));
        builder.AddApi(ApiOptions.Read(GivenSettings.Of(("Api:Key", "a key for tests"), ("ConnectionStrings:neurocred", "Host=nowhere"))));
        // Answers have no numbers as strings.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = default);
        builder.Services.AddOpenApi(
            Name,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer(SharedParts.AddAsync);
                options.AddSchemaTransformer(Schemas.CompleteAsync);
                options.AddOperationTransformer(Operations.CompleteAsync);
            }
        );
        await using var app = builder.Build();
        app.UseRouting();
        app.MapDefaultEndpoints();
        app.MapApi();
        app.UseEndpoints(_ => { }); // which makes them known
        var document = await app
            .Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)
            .GetOpenApiDocumentAsync(cancellationToken);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken) + "\n";
    }
}
