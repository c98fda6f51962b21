using System.Net.Http.Headers;
using System.Text;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Bodies that cannot be read are refused through the gateway with what is wrong, and never with an error of the
/// service.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class BadInputTests(RunningSystem system) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = system.Gateway };
    private readonly string _wallet = Workload.AddressOf(Guid.NewGuid().ToString("N"));

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=")]
    [InlineData("application/json; charset=\"\"")]
    public async Task A_body_in_UTF8_is_read_however_its_charset_is_written(string contentType)
    {
        using var response = await SendAsync("/api/score", Encoding.UTF8.GetBytes($$"""{"address":"{{_wallet}}"}"""), contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json; charset=windows-1252", "windows-1252")]
    [InlineData("application/json; charset=utf-16", "utf-16")]
    [InlineData("application/json; charset=nonsense", "nonsense")]
    [InlineData("text/plain", "Content-Type: application/json")]
    public async Task A_body_in_another_encoding_is_refused_with_the_one_that_is_read(string contentType, string named)
    {
        using var response = await SendAsync("/api/score", Encoding.UTF8.GetBytes($$"""{"address":"{{_wallet}}"}"""), contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains(named, (await ReadProblemAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_refused_with_what_to_send_instead()
    {
        using var response = await SendAsync("/api/score", [31, 139, 8, 0], "application/json", "gzip");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
        Assert.Contains(
            "without compression",
            (await ReadProblemAsync(response)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/api/score", "{\"address\":\"\xff\"}", "address")]
    [InlineData("/api/score", "{\"address\":\"0x582177481F742e3cfdB0245e41D432A9F27B86F\xff\"}", "address")]
    [InlineData("/api/score", "{\"address\":{\"\xff\":1}}", "address")]
    [InlineData(
        "{wallet}",
        "{\"transactions\":[{\"hash\":\"\xff\",\"timestamp\":\"\xff\",\"valueUsd\":1,\"token\":\"USDC\"}]}",
        "transactions[0].hash"
    )]
    [InlineData("{wallet}", "{\"transactions\":[{\"hash\":1,\"token\":\"\xff\"}]}", "transactions[0].token")]
    [InlineData("{wallet}", "{\"transactions\":\"\xff\"}", "transactions")]
    public async Task A_string_that_is_not_UTF8_is_refused_by_its_field(string path, string body, string field)
    {
        using var response = await SendAsync(
            path.Replace("{wallet}", $"/api/wallets/{_wallet}/transactions", StringComparison.Ordinal),
            Encoding.Latin1.GetBytes(body),
            "application/json"
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await ReadProblemAsync(response)).GetProperty("errors").TryGetProperty(field, out _), $"{field} is not named.");
    }

    [Theory]
    [InlineData("{\"\xff\":1}")]
    [InlineData("{\"\xff\":1,\"\xff\":2}")]
    [InlineData("\xff")]
    [InlineData("\"\xff\"")]
    public async Task A_body_that_is_not_UTF8_elsewhere_is_a_bad_request_too(string body)
    {
        using var response = await SendAsync("/api/score", Encoding.Latin1.GetBytes(body), "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await ReadProblemAsync(response);
    }

    [Fact]
    public async Task HEAD_has_the_headers_of_GET_and_no_body()
    {
        using var score = await SendAsync("/api/score", Encoding.UTF8.GetBytes($$"""{"address":"{{_wallet}}"}"""), "application/json");
        Assert.Equal(HttpStatusCode.OK, score.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/score/{_wallet}")
        {
            Headers = { { "X-API-Key", Workload.ApiKey } },
        };
        using var response = await _client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.Contains("X-Cache"));
        Assert.NotNull(response.Headers.ETag);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string contentType, string? coding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (coding is not null)
        {
            content.Headers.ContentEncoding.Add(coding);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("X-API-Key", Workload.ApiKey);
        request.Headers.Add("Idempotency-Key", $"\"{Guid.NewGuid()}\"");
        return await _client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> ReadProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return problem.RootElement.Clone();
    }
}
