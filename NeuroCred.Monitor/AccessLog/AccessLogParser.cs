using System.Text.Json;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Reads a line of the log format <c>gateway</c> of <c>nginx/nginx.conf</c>.</summary>
/// <example><code>
/// {"time":"2026-11-26T01:14:21+00:00","id":"5f...","client":"127.0.0.1","scheme":"http","protocol":"HTTP/1.1","method":"GET","uri":"/api/score/0x0",
///  "status":200,"bytes":3,"seconds":0.003,"stream":"","held":0.000,"attempts":{"upstream":"127.0.0.1:4001, 127.0.0.1:4002","status":"502, 200","connect":"-, 0.000",
///  "header":"-, 0.003","response":"0.000, 0.003"}}
/// </code></example>
internal sealed class AccessLogParser(UpstreamAddresses addresses)
{
    private const int SwitchingProtocols = 101;
    private const int BadGateway = 502;
    private const int GatewayTimeout = 504;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="entry">What it says; of no use when it could not be read.</param>
    /// <returns>False when it is no line of that format.</returns>
    public bool TryParse(ReadOnlySpan<byte> line, AccessLogEntry entry)
    {
        entry.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            return TryParse(ref reader, entry);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool TryParse(ref Utf8JsonReader reader, AccessLogEntry entry)
    {
        var (hasStatus, hasSeconds, hasAttempts, asksForStream) = (false, false, false, false);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // By length first: most members are of no interest, and are passed over 25,000 times a second.
            var name = reader.ValueSpan;
            switch (name.Length)
            {
                case 6 when name.SequenceEqual("status"u8):
                    hasStatus = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var status) && (entry.Status = status) >= 0;
                    break;
                case 7 when name.SequenceEqual("seconds"u8):
                    hasSeconds = reader.Read() && reader.TokenType == JsonTokenType.Number && TryReadMilliseconds(reader.ValueSpan, out var milliseconds) && (entry.Milliseconds = milliseconds) >= 0;
                    break;
                // Not there where nginx holds no requests.
                case 4 when name.SequenceEqual("held"u8):
                    if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !TryReadMilliseconds(reader.ValueSpan, out var held))
                    {
                        return false;
                    }

                    entry.Held = held;
                    break;
                case 6 when name.SequenceEqual("method"u8):
                    entry.Method = ReadMethod(ref reader);
                    break;
                case 6 when name.SequenceEqual("stream"u8):
                    asksForStream = reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual("1"u8);
                    break;
                case 8 when name.SequenceEqual("attempts"u8):
                    hasAttempts = TryParseAttempts(ref reader, entry);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // One that was refused ended at once, as any other request does.
        entry.IsStream = asksForStream && entry.Status is SwitchingProtocols or (>= 200 and < 300);
        return hasStatus && hasSeconds && hasAttempts && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
    }

    private static RequestMethod ReadMethod(ref Utf8JsonReader reader) => !reader.Read() || reader.TokenType != JsonTokenType.String ? RequestMethod.Other
        : reader.ValueSpan.SequenceEqual("GET"u8) ? RequestMethod.Get
        : reader.ValueSpan.SequenceEqual("POST"u8) ? RequestMethod.Post
        : RequestMethod.Other;

    private bool TryParseAttempts(ref Utf8JsonReader reader, AccessLogEntry entry)
    {
        ReadOnlySpan<byte> upstream = default, status = default, connect = default, header = default, response = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
            {
                return false;
            }

            var value = reader.ValueSpan;
            switch (name.Length)
            {
                case 8 when name.SequenceEqual("upstream"u8):
                    upstream = value;
                    break;
                case 8 when name.SequenceEqual("response"u8):
                    response = value;
                    break;
                case 6 when name.SequenceEqual("status"u8):
                    status = value;
                    break;
                case 6 when name.SequenceEqual("header"u8):
                    header = value;
                    break;
                case 7 when name.SequenceEqual("connect"u8):
                    connect = value;
                    break;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && TryAddAttempts(new(upstream), new(status), new(connect), new(header), new(response), entry);
    }

    private bool TryAddAttempts(AttemptList upstreams, AttemptList statuses, AttemptList connects, AttemptList headers, AttemptList responses, AccessLogEntry entry)
    {
        while (upstreams.TryNext(out var upstream))
        {
            if (!statuses.TryNext(out var statusText) || !TryReadStatus(statusText, out var status)
                || !connects.TryNext(out var connectText) || !TryReadTime(connectText, out var connect)
                || !headers.TryNext(out var headerText) || !TryReadTime(headerText, out var header)
                || !responses.TryNext(out var responseText) || !TryReadTime(responseText, out var response))
            {
                return false;
            }

            var replica = addresses.Find(upstream);
            if (replica == UpstreamAddresses.NoLiveUpstream)
            {
                entry.HasNoLiveUpstream = true;
            }
            else
            {
                entry.Add(new(replica, Judge(status, connect, header), connect, header, response));
            }
        }

        return !statuses.TryNext(out _);
    }

    // 502 and 504 are nginx's own where no header arrived.
    private static AttemptOutcome Judge(int status, int connect, int header) => status switch
    {
        0 => AttemptOutcome.Abandoned,
        BadGateway when header < 0 => connect < 0 ? AttemptOutcome.Refused : AttemptOutcome.Reset,
        GatewayTimeout when header < 0 => AttemptOutcome.Timeout,
        >= 500 => AttemptOutcome.ServerError,
        _ => AttemptOutcome.Ok,
    };

    private static bool TryReadStatus(ReadOnlySpan<byte> text, out int status)
    {
        status = 0;
        if (text is [(byte)'-'])
        {
            return true;
        }

        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9' || status > 999)
            {
                return false;
            }

            status = (status * 10) + digit - '0';
        }

        return text.Length > 0;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> text, out int milliseconds)
    {
        if (text is [(byte)'-'])
        {
            milliseconds = -1;
            return true;
        }

        return TryReadMilliseconds(text, out milliseconds);
    }

    /// <summary>Reads seconds with three decimals, which is how nginx writes all times: <c>12.345</c>.</summary>
    private static bool TryReadMilliseconds(ReadOnlySpan<byte> text, out int milliseconds)
    {
        milliseconds = 0;
        if (text.Length is < 5 or > 16 || text[^4] != '.')
        {
            return false;
        }

        var value = 0L;

        for (var i = 0; i < text.Length; i++)
        {
            if (i == text.Length - 4)
            {
                continue;
            }

            if (text[i] is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + text[i] - '0';
        }

        milliseconds = (int)Math.Min(value, int.MaxValue);
        return true;
    }
}
