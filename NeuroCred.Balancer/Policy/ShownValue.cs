namespace NeuroCred.Balancer.Policy;

/// <summary>Shows values in messages, and finds in them what could break out of a configuration file.</summary>
internal static class ShownValue
{
    /// <summary>Shows a value in a message, on one line.</summary>
    internal static string Show(string? value) =>
        value is null ? "missing" : $"'{string.Concat(value.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()))}'";

    /// <summary>Finds the first control character, which could break out of a line.</summary>
    /// <returns>The rest of a sentence that begins with what has the value, with the fix; null when there is none.</returns>
    internal static string? FindProblem(string value) =>
        value
            .Where(char.IsControl)
            .Select(control => $"is {Show(value)}: remove the {Name(control)}, which could end the line and begin another directive.")
            .FirstOrDefault();

    private static string Name(char control) =>
        control switch
        {
            '\r' => "carriage return (CR)",
            '\n' => "line feed (LF)",
            _ => $"control character 0x{(int)control:x2}",
        };
}
