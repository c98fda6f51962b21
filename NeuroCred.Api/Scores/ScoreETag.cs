using Microsoft.Net.Http.Headers;

namespace NeuroCred.Api.Scores;

/// <summary>
/// The entity tag of a wallet's current score. Within a wallet a sequence names one score for ever, and answers to it are the same byte
/// for byte, so the tag is a strong one (RFC 9110, 8.8.3). Another form of the answer needs another form of the tag.
/// </summary>
internal static class ScoreETag
{
    public static string Of(ScoreJson score) => $"\"{score.Sequence}\"";

    /// <summary>
    /// Whether the client has this score already, as If-None-Match says: a list of tags, compared without regard to their strength, or
    /// <c>*</c> for whatever there is (RFC 9110, 13.1.2). A header that cannot be read is left alone.
    /// </summary>
    public static bool IsKnown(string tag, HttpRequest request)
    {
        if (request.Headers.IfNoneMatch is not { Count: > 0 } given || !EntityTagHeaderValue.TryParseList(given, out var known))
        {
            return false;
        }

        var current = EntityTagHeaderValue.Parse(tag);
        return known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(current, useStrongComparison: false));
    }
}
