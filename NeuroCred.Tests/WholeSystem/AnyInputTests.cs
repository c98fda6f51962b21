using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NeuroCred.Tests.Api.OpenApi;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>
/// Whatever is sent to an endpoint of the OpenAPI document through the gateway, the answer is one that a client can use. Requests are
/// made from the document's examples, so that a new endpoint is tested without being named here.
/// </summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed partial class AnyInputTests(RunningSystem system) : IDisposable
{
    private const int Requests = 300;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1, AllowAutoRedirect = false }
    )
    {
        BaseAddress = system.Gateway,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public void Dispose() => _client.Dispose();

    [Fact]
    public void It_is_never_an_error_of_the_service_and_every_refusal_is_a_problem() =>
        Prop.ForAll(Arb.From(AnyRequest.Generator()), request => CheckAsync(request).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Requests));

    private async Task CheckAsync(AnyRequest request)
    {
        using var message = request.ToMessage();
        using var response = await _client.SendAsync(message, Cancellation);
        var status = (int)response.StatusCode;
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(status < 500, $"{status}: {body}");
        if (status < 400)
        {
            return;
        }

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        if (message.Method == HttpMethod.Head)
        {
            return;
        }

        var problem = JsonNode.Parse(body)!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.True(
            response.StatusCode != HttpStatusCode.BadRequest
                || problem["errors"] is JsonObject { Count: > 0 }
                || IsUnreadable((string)problem["title"]!, (string?)problem["detail"] ?? ""),
            $"It does not say what is wrong: {body}"
        );
    }

    // What has no fields is told by its place, or by why it is none.
    private static bool IsUnreadable(string title, string detail) =>
        title switch
        {
            "The body is not the JSON this endpoint reads" => Place().IsMatch(detail),
            "The body is not UTF-8" => detail.Contains("a name or a string of the body is not", StringComparison.Ordinal),
            "The request cannot be read" => detail.Contains("missing or incomplete", StringComparison.Ordinal),
            "Bad Request" => detail.Contains("It reached no replica", StringComparison.Ordinal), // the gateway's
            _ => false,
        };

    [GeneratedRegex(@"\(line \d+, byte \d+\)|The value at \$")]
    private static partial Regex Place();
}
