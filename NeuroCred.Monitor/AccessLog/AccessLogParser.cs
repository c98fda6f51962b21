using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Parses lines of the log format <c>gateway</c> of <c>nginx/nginx.conf</c>.</summary>
/// <example><code>
/// {"time":"2026-11-26T01:14:21+00:00","id":"5f...","client":"127.0.0.1","scheme":"http","protocol":"HTTP/1.1","method":"GET",
///  "uri":"/api/score/0x0","status":200,"bytes":3,"seconds":0.003,"stream":"","held":0.000,
///  "attempts":{"upstream":"127.0.0.1:4001, 127.0.0.1:4002","status":"502, 200","connect":"-, 0.000","header":"-, 0.003",
///   "response":"0.000, 0.003"}}
/// </code></example>
internal sealed class AccessLogParser(UpstreamAddresses addresses)
{
    // Between attempts, and where another group was asked after an internal redirect. Nothing follows the latter if that group was never
    // asked.
    private static readonly string[] s_separators = [", ", " : "];

    /// <summary>Parses a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>Null if it is not a line of that format.</returns>
    public AccessLogEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AccessLogJson.Default.AccessLogLine) is { } parsed ? Read(parsed) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private AccessLogEntry? Read(AccessLogLine line)
    {
        var (upstreams, statuses) = (Split(line.Attempts.Upstream), Split(line.Attempts.Status));
        var (connects, headers, responses) = (Split(line.Attempts.Connect), Split(line.Attempts.Header), Split(line.Attempts.Response));
        if (((string[][])[statuses, connects, headers, responses]).Any(list => list.Length != upstreams.Length))
        {
            return null;
        }

        var attempts = new List<UpstreamAttempt>(upstreams.Length);
        var hasNoLiveUpstream = false;
        for (var i = 0; i < upstreams.Length; i++)
        {
            var (replica, connect, header) = (addresses.Find(upstreams[i]), ParseTime(connects[i]), ParseTime(headers[i]));
            var attempt = new UpstreamAttempt(
                replica,
                Judge(ParseStatus(statuses[i]), connect, header),
                connect,
                header,
                ParseTime(responses[i])
            );
            if (replica == UpstreamAddresses.NoLiveUpstream)
            {
                hasNoLiveUpstream = true;
            }
            else
            {
                attempts.Add(attempt);
            }
        }

        // A stream that was refused ended at once, as any other request does.
        var isStream = line.Stream == "1" && line.Status is (int)HttpStatusCode.SwitchingProtocols or (>= 200 and < 300);
        var method = line.Method is "GET" or "POST" ? line.Method : "other";
        return new(method, line.Status, ToMilliseconds(line.Seconds), attempts, ToMilliseconds(line.Held), isStream, hasNoLiveUpstream);
    }

    private static string[] Split(string list) => list.Split(s_separators, StringSplitOptions.RemoveEmptyEntries);

    // 502 and 504 are nginx's own if no header arrived.
    private static AttemptOutcome Judge(int? status, int connect, int header) =>
        status switch
        {
            null => AttemptOutcome.Abandoned,
            (int)HttpStatusCode.BadGateway when header < 0 => connect < 0 ? AttemptOutcome.Refused : AttemptOutcome.Reset,
            (int)HttpStatusCode.GatewayTimeout when header < 0 => AttemptOutcome.Timeout,
            >= 500 => AttemptOutcome.ServerError,
            _ => AttemptOutcome.Ok,
        };

    private static int? ParseStatus(string text) => text == "-" ? null : int.Parse(text, NumberStyles.None);

    private static int ParseTime(string text) => text == "-" ? -1 : ToMilliseconds(double.Parse(text, NumberStyles.AllowDecimalPoint));

    private static int ToMilliseconds(double seconds) => (int)Math.Clamp(Math.Round(seconds * 1000), 0, int.MaxValue);
}

/// <summary>A line of the access log as nginx writes it; what is not used here is left out.</summary>
/// <param name="Status">The status that the client saw.</param>
/// <param name="Seconds">How long the request took.</param>
/// <param name="Attempts">The attempts.</param>
/// <param name="Held">How long it was held, in seconds. Missing if nginx is not configured to hold requests.</param>
/// <param name="Method">The method.</param>
/// <param name="Stream"><c>1</c> if a WebSocket or server-sent events were asked for.</param>
internal sealed record AccessLogLine(
    int Status,
    double Seconds,
    AccessLogAttempts Attempts,
    double Held = 0,
    string Method = "",
    string Stream = ""
);

/// <summary>Lists in parallel, an entry per attempt, <c>-</c> where there is no value.</summary>
internal sealed record AccessLogAttempts(string Upstream, string Status, string Connect, string Header, string Response);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(AccessLogLine))]
internal sealed partial class AccessLogJson : JsonSerializerContext;
