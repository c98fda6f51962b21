using System.Text.Json;

namespace NeuroCred.Api;

internal static class JsonText
{
    /// <summary>The element's string, or null when it is none; also when it is one that is no text, such as half a surrogate pair.</summary>
    public static string? TryGetText(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
