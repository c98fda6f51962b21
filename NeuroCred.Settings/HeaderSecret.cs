namespace NeuroCred.Settings;

/// <summary>What makes a key unusable that clients send in a header.</summary>
public static class HeaderSecret
{
    private const int MinLength = 8;

    /// <summary>What to give, for errors.</summary>
    public const string Expected = "at least 8 printable ASCII characters, with no space at either end";

    /// <summary>Finds the first problem.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The rest of a sentence that begins with the setting's key, without any part of the secret; null when all is well.</returns>
    public static string? FindProblem(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var unusable = key.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (unusable < 0 && key.Trim() != key)
        {
            unusable = key[0] == ' ' ? 0 : key.Length - 1;
        }

        return unusable >= 0 ? $"has a character at position {unusable + 1} that an HTTP header does not carry"
            : key.Length == 0 ? "is missing"
            : key.Length < MinLength ? "is too short"
            : null;
    }
}
