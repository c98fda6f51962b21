using System.Text.Json;

namespace NeuroCred.Api;

internal static class JsonText
{
    private const string NoText = "not UTF-8";

    /// <summary>The element's string, or null when it is none; also when it is one that is no text, such as half a surrogate
    /// pair.</summary>
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

    /// <summary>The property's name, for quoting; also when it is no text.</summary>
    public static string GetGivenName(this JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return NoText;
        }
    }

    /// <summary>The element as it was sent, for quoting; also when it is no text.</summary>
    public static string GetGivenText(this JsonElement element)
    {
        try
        {
            return element.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return NoText;
        }
    }
}
