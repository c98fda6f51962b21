namespace NeuroCred.Balancer.Policy;

/// <summary>Shows values in messages, and finds in them what could break out of a configuration file.</summary>
internal static class ShownValue
{
    /// <summary>Shows a value in a message, on one line.</summary>
    internal static string Show(string? value) =>
        value is null ? "missing" : $"'{string.Concat(value.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()))}'";

    /// <summary>The name of the first control character, or null.</summary>
    internal static string? FindControlCharacter(string value) => value.Where(char.IsControl).Select(Name).FirstOrDefault();

    private static string Name(char control) =>
        control switch
        {
            '\r' => "carriage return (CR)",
            '\n' => "line feed (LF)",
            _ => $"control character 0x{(int)control:x2}",
        };
}
