using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NeuroCred.Api;
using NeuroCred.Api.Idempotency;
using NeuroCred.Api.Live;
using NeuroCred.Api.Scores;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>
/// What the document says of single operations that their endpoints do not: an entry for each, by its name (<c>WithName</c>). Paths,
/// methods, summaries, bodies and statuses are the endpoints'.
/// </summary>
internal static class Operations
{
    /// <summary>The groups of operations, in their order.</summary>
    public static readonly (string Name, string Description)[] Tags =
    [
        ("Scores", "New scores, current ones, and later ones as they come."),
        ("Wallets", "What scores are computed from."),
        ("Lending", "What follows from a score for a loan."),
        ("Health", "Through the gateway: whether any replica is healthy. On a replica's own port: whether this one is."),
    ];

    private static readonly ProblemDetails s_noScore = ApiProblems.NoScore(Sample.Strong.Wallet).ProblemDetails;

    private static readonly Dictionary<string, OperationText> s_texts = new()
    {
        ["AddTransactions"] = new("Wallets")
        {
            Description = """
                A transaction is stored once per wallet and hash, so a batch can be sent again. One transaction that is not valid refuses
                the whole batch with 400, one that is stored with other values refuses it with 409, and `errors` names each that is wrong.
                """,
            Body = new JsonObject { ["transactions"] = new JsonArray([.. Sample.Strong.Transactions.Take(2)]) },
            Answer = new JsonObject { ["accepted"] = 2, ["duplicates"] = 0 },
            Problems =
            {
                [400] = ApiProblems
                    .Invalid(
                        "The batch was refused as a whole; nothing was stored. Correct what errors names and send it again.",
                        new()
                        {
                            ["transactions[1].valueUsd"] =
                            [
                                "is -1; must be a JSON number from 0 to 1000000000000 (US dollars, not negative).",
                            ],
                        }
                    )
                    .ProblemDetails,
                [409] = ApiProblems
                    .Conflict(
                        "The batch has transactions that are stored with other values",
                        "The batch was refused as a whole; nothing was stored. Leave out what errors names, or send it as it is stored.",
                        new() { ["transactions[1].hash"] = ["is stored for this wallet with valueUsd 21 (sent: 22)."] }
                    )
                    .ProblemDetails,
            },
        },
        ["SetStaking"] = new("Wallets")
        {
            Description = "Tier 1, 2 and 3 give 50, 150 and 300 points. From tier 2 on the risk band is better by one.",
            Body = new JsonObject { ["tier"] = 2 },
            Answer = new JsonObject { ["tier"] = 2 },
            Problems =
            {
                [400] = ApiProblems
                    .Invalid(
                        "The staking tier was not changed.",
                        new() { ["tier"] = ["is 4; must be a whole number from 0 to 3, such as {\"tier\":2}."] }
                    )
                    .ProblemDetails,
            },
        },
        ["GetStaking"] = new("Wallets") { Answer = new JsonObject { ["tier"] = 2 } },
        ["ComputeScore"] = new("Scores")
        {
            Description = """
                The same key gets the same answer again, with `Idempotent-Replayed: true`, whichever replica it reaches, also after a time
                in which the client saw no answer. Keys belong to the client.
                """,
            Parameters =
            {
                new OpenApiParameter
                {
                    Name = IdempotencyKey.Header,
                    In = ParameterLocation.Header,
                    Required = true,
                    Description =
                        "New for each new score, and the same when the request is sent again: a quoted string (RFC 9651) of 1 to "
                        + $"{IdempotencyKey.MaxLength} printable ASCII characters. One without quotes is taken too.",
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        MinLength = 1,
                        MaxLength = IdempotencyKey.MaxLength + 2,
                        Pattern = "^[ -~]+$",
                    },
                    Example = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
                },
            },
            Body = new JsonObject { ["address"] = Sample.Strong.Address },
            Answer = Sample.Strong.Score,
            Headers =
            {
                ["Idempotent-Replayed"] = SharedParts.Header("This is the answer that the key got before.", "true"),
                ["Idempotency-Key-Expires"] = SharedParts.Header(
                    "Until when the key gets this answer, at least 24 hours.",
                    "Tue, 02 Dec 2025 12:00:00 GMT"
                ),
            },
            SharedHeaders = { [409] = ["Retry-After"], [503] = ["Retry-After"] },
            Problems =
            {
                [400] = ApiProblems
                    .Invalid(
                        "A new score needs a usable Idempotency-Key.",
                        new() { [IdempotencyKey.Header] = [IdempotencyKey.TryRead(default, out _, out var missing) ? "" : missing] }
                    )
                    .ProblemDetails,
                [409] = ScoresApi.StillRunning().ProblemDetails,
                [422] = ScoresApi.OtherPayload().ProblemDetails,
                [503] = ScoresApi.WalletBusy().ProblemDetails,
            },
        },
        ["GetScore"] = new("Scores")
        {
            Description = "The newest score, whichever replica computed it, and never an outdated one.",
            Answer = Sample.Strong.Score,
            Parameters =
            {
                new OpenApiParameter
                {
                    Name = "If-None-Match",
                    In = ParameterLocation.Header,
                    Description = "The ETag of the answer that you have. While it is the current score, the answer is 304, without a body.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = "\"1\"",
                },
            },
            SharedHeaders =
            {
                [200] = ["ETag", "X-Cache"],
                [304] = ["ETag", "X-Cache"],
                [404] = ["X-Cache"],
            },
            Problems = { [404] = s_noScore },
        },
        ["GetScoreHistory"] = new("Scores")
        {
            Description = """
                Newest first. `next` is what to send as `before` for the scores that follow, and the header `Link` has the whole address;
                after the last page neither is there. A new score changes no page.
                """,
            Parameters =
            {
                Number("limit", "How many scores at most; 20 without it.", 20, "100"),
                Number("before", "A sequence: only scores before it.", 2),
            },
            Answer = new JsonObject { ["address"] = Sample.Strong.Address, ["scores"] = new JsonArray(Sample.Strong.Score) },
            Headers =
            {
                ["Link"] = SharedParts.Header(
                    "Where the scores that follow are.",
                    $"</api/score/{Sample.Strong.Address}/history?limit=20&before=2>; rel=\"next\""
                ),
            },
            Problems = { [404] = s_noScore },
        },
        ["GetScoreTrends"] = new("Scores")
        {
            Description = """
                The current score against the one that was current 30 days ago, or the first one if none is as old. `average`, `highest` and
                `lowest` are of the scores that were current at some time in those 30 days, of which the newest 1,000 count.
                """,
            Answer = new JsonObject
            {
                ["address"] = Sample.Strong.Address,
                ["currentScore"] = 700,
                ["change30Days"] = 50,
                ["changePercent"] = 7.7,
                ["direction"] = "up",
                ["average"] = 675.0,
                ["highest"] = 700,
                ["lowest"] = 650,
                ["scorecard"] = "1",
            },
            Problems = { [404] = s_noScore },
        },
        ["GetLoanToValue"] = new("Lending")
        {
            Description = "7000, 5000 or 3000 basis points in risk band 1, 2 or 3, and nothing in band 0.",
            Answer = new JsonObject
            {
                ["address"] = Sample.Strong.Address,
                ["ltvBps"] = 7000,
                ["ltvPercent"] = 70.0,
                ["riskBand"] = 1,
                ["score"] = 1000,
                ["scorecard"] = "1",
            },
            SharedHeaders = { [200] = ["X-Cache"], [404] = ["X-Cache"] },
            Problems = { [404] = s_noScore },
        },
        ["LiveScores"] = new("Scores")
        {
            Description = """
                Open it with a WebSocket client: the answer is 101, or 200 over HTTP/2 (RFC 8441). Each message is a text frame with JSON: `{"type":"score","score":{...}}`, the
                score as `GET /api/score/{address}` answers it, whichever replica computed it. After 10 s without one comes
                `{"type":"heartbeat","sequence":3}`. A client that reads nothing for 5 s is disconnected. After a lost connection open it
                again, on any replica, with the last sequence in `after`: nothing is missed and nothing comes twice. A browser, which cannot set
                headers here, offers the API key as a subprotocol: `new WebSocket(url, ["neurocred", "neurocred.key." + key])`.
                """,
            Parameters =
            {
                Number(
                    "after",
                    "The sequence of the last score that you have; 0 for all. Without it the current score comes first.",
                    3,
                    minimum: "0"
                ),
            },
            Problems = { [426] = LiveScoresApi.UpgradeRequired(new DefaultHttpContext().Response).ProblemDetails },
        },
        ["Liveness"] = new("Health") { Answer = Health("healthy") },
        ["Readiness"] = new("Health") { Answer = Health("ready"), Unavailable = Health("not_ready") },
    };

    private static JsonObject Health(string status) =>
        new()
        {
            ["status"] = status,
            ["service"] = "NeuroCred API",
            ["version"] = "1.0.0",
        };

    private static OpenApiParameter Number(string name, string description, int example, string? maximum = null, string minimum = "1") =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Minimum = minimum,
                Maximum = maximum,
            },
            Example = example,
        };

    public static Task CompleteAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var name = operation.OperationId ?? throw new InvalidOperationException($"{context.Description.RelativePath} has no WithName().");
        if (!s_texts.TryGetValue(name, out var text))
        {
            throw new InvalidOperationException(
                $"Add an entry for {name} to {nameof(Operations)}.cs: its tag, and an example of its answer."
            );
        }

        operation.Tags = new HashSet<OpenApiTagReference> { new(text.Tag, context.Document) };
        operation.Description = text.Description?.ReplaceLineEndings(" ");
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(p => p.Name == "address") ?? [])
        {
            parameter.Schema = Schemas.Address("0x and 40 hexadecimal digits.");
            parameter.Description = "The wallet's address.";
            parameter.Example = Sample.Strong.Address;
        }
        // Endpoints take some as text, to say themselves what is wrong with it.
        operation.Parameters =
        [
            .. operation.Parameters?.ExceptBy(text.Parameters.Select(p => p.Name), p => p.Name) ?? [],
            .. text.Parameters,
        ];
        if (operation.RequestBody?.Content is { } body)
        {
            body["application/json"].Example = text.Body;
        }

        foreach (var (status, example) in text.Problems)
        {
            example.Status = status;
            operation.Responses![$"{status}"] = SharedParts.Problem(context.Document!, TypedResults.Problem(example).ProblemDetails);
        }

        if (operation.Responses!.TryGetValue("200", out var success))
        {
            if (success.Content?.TryGetValue("application/json", out var json) == true)
            {
                json.Example = text.Answer;
            }

            ((OpenApiResponse)success).Headers = text.Headers.ToDictionary(h => h.Key, IOpenApiHeader (h) => h.Value);
        }

        if (text.Unavailable is { } unavailable)
        {
            operation.Responses["503"].Content!["application/json"].Example = unavailable;
        }

        SharedParts.AddTo(operation, context);
        foreach (var (status, names) in text.SharedHeaders)
        {
            SharedParts.AddHeaders((OpenApiResponse)operation.Responses[$"{status}"], context.Document!, names);
        }

        return Task.CompletedTask;
    }
}
