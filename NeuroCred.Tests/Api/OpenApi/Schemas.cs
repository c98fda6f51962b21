using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>
/// What the types of bodies cannot say by themselves: descriptions are those of the code, and what an endpoint reads element by element is
/// written down here.
/// </summary>
internal static class Schemas
{
    private const string HashPattern = "^0x[0-9a-fA-F]{64}$";
    private static readonly XmlDescriptions[] s_descriptions = [new("NeuroCred.Api"), new("NeuroCred.ServiceDefaults")];

    /// <summary>A wallet's address.</summary>
    public static OpenApiSchema Address(string description) =>
        new()
        {
            Type = JsonSchemaType.String,
            Pattern = WalletAddress.Pattern,
            Description = description,
        };

    public static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is { } property)
        {
            schema.Description ??= Describe(d => d.Of(property.DeclaringType, property.Name));
            return Task.CompletedTask;
        }

        schema.Description ??= Describe(d => d.Of(type));
        LeaveOutNulls(schema);
        if (type == typeof(ScoreRequest))
        {
            Replace(schema, ("address", Address("The wallet whose score to compute.")));
        }
        else if (type == typeof(TransactionsRequest))
        {
            Replace(
                schema,
                (
                    "transactions",
                    new()
                    {
                        Type = JsonSchemaType.Array,
                        MinItems = 1,
                        MaxItems = TransactionBatch.MaxTransactions,
                        Items = Transaction(),
                    }
                )
            );
        }
        else if (type == typeof(StakingRequest))
        {
            Replace(
                schema,
                (
                    "tier",
                    new()
                    {
                        Type = JsonSchemaType.Integer,
                        Format = "int32",
                        Minimum = "0",
                        Maximum = $"{StakingStore.MaxTier}",
                        Description = "The tier.",
                    }
                )
            );
        }
        else if (type == typeof(ProblemDetails))
        {
            CompleteProblem(schema);
        }

        return Task.CompletedTask;
    }

    // Answers leave out what is null.
    private static void LeaveOutNulls(OpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (property is OpenApiSchema { Type: { } type } nullable && type.HasFlag(JsonSchemaType.Null))
            {
                nullable.Type = type & ~JsonSchemaType.Null;
                schema.Required?.Remove(name);
            }
        }
    }

    private static string? Describe(Func<XmlDescriptions, string?> describe) =>
        s_descriptions.Select(describe).FirstOrDefault(text => text is not null);

    /// <summary>Gives what is sent of a transaction a name in the document, after which generated clients call it.</summary>
    public static void NameTransaction(OpenApiDocument document)
    {
        const string name = "Transaction";
        var batch = (OpenApiSchema)document.Components!.Schemas![nameof(TransactionsRequest)].Properties!["transactions"];
        document.AddComponent(name, (OpenApiSchema)batch.Items!);
        batch.Items = new OpenApiSchemaReference(name, document);
    }

    private static OpenApiSchema Transaction()
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "One transaction of the wallet." };
        Replace(
            schema,
            (
                "hash",
                new()
                {
                    Type = JsonSchemaType.String,
                    Pattern = HashPattern,
                    Description = "Its hash on its chain: with the wallet, its identity.",
                }
            ),
            (
                "timestamp",
                new()
                {
                    Type = JsonSchemaType.String,
                    Format = "date-time",
                    Description =
                        $"When it happened (RFC 3339, with the offset), from {TransactionFields.Earliest:yyyy-MM-dd} on and not in "
                        + "the future.",
                }
            ),
            (
                "valueUsd",
                new()
                {
                    Type = JsonSchemaType.Number,
                    Minimum = "0",
                    Maximum = $"{TransactionFields.MaxValueUsd}",
                    Description = "What it was worth, US dollars. Stored with 8 decimals.",
                }
            ),
            (
                "token",
                new()
                {
                    Type = JsonSchemaType.String,
                    Pattern = "^[A-Za-z0-9._$+-]{1,32}$",
                    Description = "The token's symbol, such as USDC.",
                }
            )
        );
        schema.Properties!["counterparty"] = Address("The other side's address, if it is known.");
        ((OpenApiSchema)schema.Properties["counterparty"]).Type = JsonSchemaType.String | JsonSchemaType.Null;
        return schema;
    }

    private static void CompleteProblem(OpenApiSchema schema)
    {
        schema.Description = "What went wrong (RFC 9457).";
        schema.Required = new HashSet<string> { "title", "status", "requestId" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("A link to what the status means."),
            ["title"] = Text("What went wrong, in short; the same for each such problem."),
            ["status"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Description = "The status of the answer.",
            },
            ["detail"] = Text("What is wrong with this request, and how to mend it."),
            ["requestId"] = Text("The answer's X-Request-ID, by which logs and traces know the request."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description =
                    "With status 400, and 409 of transactions: what is wrong, by field, parameter or header, such as "
                    + "transactions[3].valueUsd.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = Text("What is wrong, and what would be right."),
                },
            },
            ["violated-policies"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "With status 429 of a client's limit: which limit, as RateLimit-Policy names it.",
                Items = Text("The limit."),
            },
        };
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static void Replace(OpenApiSchema schema, params (string Name, OpenApiSchema Schema)[] properties)
    {
        schema.Properties = properties.ToDictionary(p => p.Name, IOpenApiSchema (p) => p.Schema);
        schema.Required = properties.Select(p => p.Name).ToHashSet();
        schema.AdditionalProperties = null;
        schema.AdditionalPropertiesAllowed = false;
    }
}
