using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace NeuroCred.Api.Idempotency;

/// <summary>
/// Reads the header <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header-07): a structured string (RFC 8941, 3.3.3), such as
/// <c>"8e03978e-40d5-43dd-bc93-6894a57f9324"</c>. Bare text without quotes is taken too, because many clients send it so; quoted and bare
/// name the same key.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    public static bool TryRead(StringValues header, [NotNullWhen(true)] out string? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        error = header.Count switch
        {
            0 => $"is missing. Send {Header} with a quoted string that is new for each new score, such as a UUID, and the same when "
                + "you resend.",
            > 1 => "was sent more than once. Send it once.",
            _ => null,
        };
        if (error is not null)
        {
            return false;
        }

        var text = header[0]!.Trim(' ', '\t');
        key =
            text.StartsWith('"') ? Unquote(text)
            : IsBare(text) ? text
            : null;
        error = key switch
        {
            null => "is not a quoted string of printable ASCII characters, such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\".",
            "" => "is empty. Send a string that is new for each new score, such as a UUID.",
            { Length: > MaxLength } => $"has {key.Length} characters. Send at most {MaxLength}.",
            _ => null,
        };
        key = error is null ? key : null;
        return error is null;
    }

    private static string? Unquote(string text)
    {
        StringBuilder content = new();
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    // Parameters may follow an item; none is defined here, and unknown ones are to be ignored.
                    return i == text.Length - 1 || text.AsSpan(i + 1).TrimStart(' ').StartsWith(';') ? content.ToString() : null;
                case '\\' when i + 1 < text.Length && text[i + 1] is ('"' or '\\'):
                    content.Append(text[++i]);
                    break;
                case '\\' or < ' ' or > '~':
                    return null;
                default:
                    content.Append(text[i]);
                    break;
            }
        }

        return null;
    }

    private static bool IsBare(string text) => text.All(c => c is > ' ' and <= '~' and not ('"' or '\\' or ',' or ';'));
}
