using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>A request as nobody should send it: made from the examples of an operation, with some of it changed.</summary>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">With the content's.</param>
/// <param name="Body">Null for none.</param>
internal sealed record AnyRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    private static readonly string[] s_oddTexts =
    [
        "",
        " ",
        "0",
        "-1",
        "9223372036854775808",
        "1e400",
        "NaN",
        "null",
        "\"",
        "\\",
        "..",
        "%00",
        "\0",
        "\t",
        "\u00ff",
        "\ud800",
        "\U0001f600",
        "'; select 1; --",
        "0x" + new string('f', 40),
        "0X" + new string('0', 40),
        new('x', 3000),
    ];

    private static readonly string[] s_contentTypes =
    [
        "application/json; charset=utf8",
        "application/json; charset=windows-1252",
        "application/json; charset=",
        "application/problem+json",
        "text/plain",
        "multipart/form-data",
        "application/json;;",
        "nonsense",
        "",
    ];

    private static readonly (string, string)[] s_oddHeaders =
    [
        ("Content-Encoding", "gzip"),
        ("Accept", "text/html"),
        ("Accept-Encoding", "nonsense;q=9"),
        ("If-None-Match", "\""),
        ("If-Match", "*"),
        ("If-Modified-Since", "yesterday"),
        ("Range", "bytes=5-1"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Request-ID", new('a', 500)),
        ("X-Request-ID", "\u00ff"),
        ("X-Forwarded-For", "nobody, ::1"),
        ("Origin", "null"),
        ("traceparent", "00-0-0-0"),
        ("Cookie", "=;="),
    ];

    private static readonly JsonSerializerOptions s_unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Requests to every operation of the document.</summary>
    public static Gen<AnyRequest> Generator()
    {
        var operations = DocumentedOperation.ReadAll();
        return from operation in Gen.Elements(operations.ToArray())
            from values in Gen.CollectToArray(operation.Parameters, parameter => MostlyAs(parameter.Example, OddText()))
            from key in MostlyAs(Workload.ApiKey, OddText())
            from type in MostlyAs("application/json", Gen.Elements(s_contentTypes))
            from odd in Gen.Frequency(
                (3, Gen.Constant(Array.Empty<(string, string)>())),
                (1, Gen.Elements(s_oddHeaders).Select(h => new[] { h }))
            )
            from body in operation.Body is { } example ? Bodies(example) : Gen.Frequency((9, Gen.Constant<byte[]?>(null)), (1, AnyBytes()))
            select Make(operation, values, key, type, odd, body);
    }

    /// <summary>The request itself. A header that HTTP cannot carry is left out.</summary>
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new(Method), Target);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
        }

        foreach (var (name, value) in Headers.Where(header => !header.Value.Any(c => c is '\0' or '\r' or '\n' or > '\u00ff')))
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    public override string ToString() =>
        $"{Method} {Target}\n{string.Join('\n', Headers.Select(h => $"{h.Name}: {h.Value}"))}\n\n"
        + (Body is null ? "" : $"{Encoding.Latin1.GetString(Body)}\n(base64: {Convert.ToBase64String(Body)})");

    private static AnyRequest Make(
        DocumentedOperation operation,
        string[] values,
        string key,
        string type,
        (string, string)[] odd,
        byte[]? body
    )
    {
        var path = operation.Path;
        List<string> query = [];
        List<(string, string)> headers = [("X-API-Key", key), ("Content-Type", type), .. odd];
        foreach (var ((name, place, _), value) in operation.Parameters.Zip(values))
        {
            switch (place)
            {
                case "path":
                    path = path.Replace($"{{{name}}}", Escape(value), StringComparison.Ordinal);
                    break;
                case "query":
                    query.Add($"{name}={Escape(value)}");
                    break;
                default:
                    headers.Add((name, value));
                    break;
            }
        }

        return new(operation.Method, query is [] ? path : $"{path}?{string.Join('&', query)}", headers, body);
    }

    // Half a surrogate pair has no bytes in UTF-8; as bytes that are none it goes out all the same. Dots would change the path.
    private static string Escape(string value) =>
        value == ".." ? "%2e%2e" : Uri.EscapeDataString(value).Replace("%EF%BF%BD", "%ff", StringComparison.Ordinal);

    private static Gen<string> MostlyAs(string example, Gen<string> odd) =>
        Gen.Frequency((5, Gen.Constant(example)), (1, odd), (1, Mutated(example)));

    private static Gen<string> OddText() =>
        Gen.Frequency((3, Gen.Elements(s_oddTexts)), (1, ArbMap.Default.GeneratorFor<string>().Select(s => s ?? "")));

    private static Gen<string> Mutated(string text) =>
        from at in Gen.Choose(0, Math.Max(0, text.Length - 1))
        from odd in Gen.Choose(1, 255)
        select text.Length == 0 ? $"{(char)odd}" : text[..at] + (char)odd + text[(at + 1)..];

    private static Gen<byte[]?> AnyBytes() => Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().Select(byte[]? (bytes) => bytes);

    private static Gen<byte[]?> Bodies(JsonNode example)
    {
        var text = Encoding.UTF8.GetBytes(example.ToJsonString());
        return Gen.Frequency(
            (2, Gen.Constant<byte[]?>(text)),
            (6, WithOtherValue(example)),
            (2, WithOtherBytes(text)),
            (1, Gen.Choose(0, text.Length).Select(byte[]? (length) => text[..length])),
            (1, AnyBytes()),
            (1, Gen.Constant<byte[]?>(null)),
            (1, Gen.Elements<byte[]?>([.. s_oddBodies.Select(Encoding.UTF8.GetBytes)]))
        );
    }

    private static readonly string[] s_oddBodies =
    [
        "null",
        "[]",
        "{}",
        "\"\"",
        "1",
        "\ufeff{}",
        new string('[', 2000),
        string.Concat(Enumerable.Repeat("{\"a\":", 500)),
        "{\"address\":1,\"address\":2}",
        "{\"transactions\":[" + string.Join(',', Enumerable.Repeat("{}", 1001)) + "]}",
    ];

    /// <summary>The example with another value, or none, or a second one, in one place.</summary>
    private static Gen<byte[]?> WithOtherValue(JsonNode example)
    {
        var places = Places(example).ToArray();
        return from place in Gen.Elements(places)
            from value in Gen.Frequency((3, OddText().Select(JsonText)), (2, Gen.Elements(s_oddValues)))
            select Encoding.UTF8.GetBytes(example.ToJsonString().Replace(place, value, StringComparison.Ordinal));
    }

    private static readonly string[] s_oddValues =
    [
        "null",
        "true",
        "{}",
        "[]",
        "[[]]",
        "{\"a\":{\"b\":[1,\"c\"]}}",
        "-0",
        "0.000000001",
        "1e400",
        "-1e-400",
        "79228162514264337593543950336",
        "1e12",
        "123456789012345678901234567890",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"",
        "\"2025-02-30T00:00:00Z\"",
        "",
    ];

    private static string JsonText(string text) => JsonSerializer.Serialize(text.Replace('\ud800', '?'), s_unescaped);

    // As text, to be replaced: what is equal is replaced together. Names count too.
    private static IEnumerable<string> Places(JsonNode? node) =>
        node switch
        {
            JsonObject members => members
                .SelectMany(member =>
                    Places(member.Value).Prepend($"{JsonSerializer.Serialize(member.Key)}:{member.Value?.ToJsonString()}")
                )
                .Concat(members.Select(member => JsonSerializer.Serialize(member.Key)))
                .Append(members.ToJsonString()),
            JsonArray items => items.SelectMany(Places).Append(items.ToJsonString()),
            null => ["null"],
            _ => [node.ToJsonString()],
        };

    private static Gen<byte[]?> WithOtherBytes(byte[] text) =>
        from at in Gen.Choose(0, text.Length - 1)
        from b in Gen.Choose(0, 255)
        from insert in Gen.Elements(true, false)
        select (byte[]?)[.. text[..at], (byte)b, .. text[(insert ? at : at + 1)..]];
}
