using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NeuroCred.Api;
using NeuroCred.Api.Security;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>What operations have in common, each written once in the document: the API key, headers of answers, problems.</summary>
internal static class SharedParts
{
    /// <summary>The id that examples have.</summary>
    private const string RequestId = "019ad0f2d1a17c3e9b5f6a2f4c8d7e10";

    private const string ApiKey = "ApiKey";

    // Read to the end only by people who look for it: what a client must know stands with the operations.
    private const string Description = """
        Credit scores of wallets, from their transactions, each with the rules that gave its points.

        - Any replica answers any request, and any request may be sent again: a batch is stored once, and a new score is computed once
          for each `Idempotency-Key`.
        - A score that was answered to a write is never missing from a later read.
        - Errors are problem details (RFC 9457) that name the field and the fix. Besides those listed with each operation, every path can
          answer 404 (nothing is there), 405 (with `Allow`), 408, 431 and 500.
        - HEAD is answered wherever GET is, with the same headers and no body.
        - Bodies are JSON in UTF-8, without compression.
        - Every answer has `X-Request-ID`, by which the service's logs and traces know it: the caller's, if that has up to 128 letters,
          digits or `-_.`, and else a new one.
        """;

    private static readonly Dictionary<string, OpenApiHeader> s_headers = new()
    {
        ["X-Request-ID"] = Header("By which logs and traces of the service know the request.", RequestId),
        ["Retry-After"] = Header("After how many seconds to send the request again.", 1),
        ["RateLimit"] = Header(
            "How many requests this client may still send now (r), and after how many seconds it may send more (t).",
            "\"reads\";r=5999;t=1"
        ),
        ["RateLimit-Policy"] = Header("How many requests (q) this client may send in how many seconds (w).", "\"reads\";q=6000;w=60"),
        ["WWW-Authenticate"] = Header("What the request has to bring: an API key.", "ApiKey"),
        ["ETag"] = Header("Of this score, by its sequence.", "\"1\""),
        ["X-Cache"] = Header("HIT if the answer is from the cache, MISS if it is from Postgres.", "HIT"),
        ["Accept-Encoding"] = Header("How the body may be sent, if that was what is wrong.", "identity"),
    };

    private static readonly Dictionary<int, (string Name, string[] Headers, ProblemDetails Example)> s_problems = new()
    {
        [StatusCodes.Status400BadRequest] = ("BadRequest", [], ApiProblems.BadAddress("0x12").ProblemDetails),
        [StatusCodes.Status401Unauthorized] = (
            "Unauthorized",
            ["WWW-Authenticate"],
            new() { Detail = $"The header {ApiKeyMiddleware.Header} is missing. Send the API key of this service in it." }
        ),
        [StatusCodes.Status403Forbidden] = (
            "Forbidden",
            [],
            new() { Detail = "This needs the scope write, and the key has read alone. Send a key that has it." }
        ),
        [StatusCodes.Status413PayloadTooLarge] = (
            "ContentTooLarge",
            [],
            new()
            {
                Detail =
                    "The body has more than 1048576 bytes, the most that this service reads. Nothing was stored; send smaller batches.",
            }
        ),
        [StatusCodes.Status415UnsupportedMediaType] = (
            "UnsupportedMediaType",
            ["Accept-Encoding"],
            new() { Detail = "The body must be JSON. Send the header Content-Type: application/json." }
        ),
        [StatusCodes.Status429TooManyRequests] = (
            "TooManyRequests",
            ["Retry-After"],
            new()
            {
                Type = "https://iana.org/assignments/http-problem-types#quota-exceeded",
                Title = "This client has sent as many requests as it may",
                Detail =
                    "Nothing was done about this one. The limit 'reads' is 6000 requests per minute to this route. Send it again in 1 s.",
                Extensions = { ["violated-policies"] = (string[])["reads"] },
            }
        ),
        [StatusCodes.Status503ServiceUnavailable] = (
            "ServiceUnavailable",
            ["Retry-After"],
            new()
            {
                Title = "No replica can serve this",
                Detail = "Nothing is lost. Send it again after the seconds in Retry-After, a write with the same Idempotency-Key.",
            }
        ),
    };

    public static Task AddAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "NeuroCred",
            Version = "1.0.0",
            Description = Description,
            License = new() { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new() { Url = "/", Description = "The gateway, or a replica, that this document came from." }];
        document.Tags = Operations.Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        foreach (var path in document.Paths.Values)
        {
            path.Operations!.Remove(HttpMethod.Head); // said of all of them in the description
        }

        document.AddComponent(
            ApiKey,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyMiddleware.Header,
                Description = "A key of this service: one with the scope `write` to write, one with the scope `read` to read.",
            }
        );
        Schemas.NameTransaction(document);
        foreach (var (name, header) in s_headers)
        {
            document.AddComponent(name, header);
        }

        foreach (var (status, (name, headers, example)) in s_problems)
        {
            example.Status = status;
            document.AddComponent(name, Problem(document, TypedResults.Problem(example).ProblemDetails, headers));
        }

        return Task.CompletedTask;
    }

    /// <summary>Adds what an operation shares with others, as its path, its method and its body tell.</summary>
    public static void AddTo(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var document = context.Document!;
        operation.Security = [];
        AddProblems(429);
        if (context.Description.RelativePath!.StartsWith("api/", StringComparison.Ordinal))
        {
            var reads = HttpMethods.IsGet(context.Description.HttpMethod!);
            operation.Security.Add(new() { [new(ApiKey, document)] = [] });
            if (reads)
            {
                operation.Security.Add([]); // where the service says so
            }

            AddProblems(401, 403, 503);
        }

        if (operation.RequestBody is not null)
        {
            AddProblems(400, 413, 415);
        }

        if (operation.Parameters is { Count: > 0 })
        {
            AddProblems(400);
        }

        var responses = operation.Responses!.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses!.Clear();
        foreach (var (status, response) in responses)
        {
            operation.Responses.Add(status, response);
            if (response is OpenApiResponse inline)
            {
                AddHeaders(inline, document, "X-Request-ID");
                if (operation.Security.Count > 0 && status is "200")
                {
                    AddHeaders(inline, document, "RateLimit", "RateLimit-Policy");
                }
            }
        }

        void AddProblems(params int[] statuses)
        {
            foreach (var status in statuses)
            {
                operation.Responses!.TryAdd($"{status}", new OpenApiResponseReference(s_problems[status].Name, document));
            }
        }
    }

    /// <summary>An answer that is a problem.</summary>
    public static OpenApiResponse Problem(OpenApiDocument document, ProblemDetails example, params string[] headers)
    {
        example.Extensions["requestId"] = RequestId;
        var response = new OpenApiResponse
        {
            Description = example.Title,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchemaReference(nameof(ProblemDetails), document),
                    Example = JsonSerializer.SerializeToNode(example, example.GetType(), JsonSerializerOptions.Web),
                },
            },
        };
        AddHeaders(response, document, ["X-Request-ID", .. headers]);
        return response;
    }

    /// <summary>A header with an example.</summary>
    public static OpenApiHeader Header(string description, JsonNode example) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema
            {
                Type = example.GetValueKind() is JsonValueKind.Number ? JsonSchemaType.Integer : JsonSchemaType.String,
            },
            Example = example,
        };

    /// <summary>Adds headers that the document describes once.</summary>
    public static void AddHeaders(OpenApiResponse response, OpenApiDocument document, params string[] names)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach (var name in names)
        {
            response.Headers[name] = new OpenApiHeaderReference(name, document);
        }
    }
}
