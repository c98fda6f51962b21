namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rules for names of resources and endpoints.</summary>
internal static class ResourceNames
{
    private const int MaxLength = 64;

    internal static void Validate(string name)
    {
        var problem = name switch
        {
            { Length: > MaxLength } => $"is longer than {MaxLength} characters",
            _ when !char.IsAsciiLetter(name[0]) => "does not begin with an ASCII letter",
            _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') => "has a character other than ASCII letters, digits and hyphens",
            _ when name[^1] == '-' || name.Contains("--", StringComparison.Ordinal) => "ends with a hyphen or has two in a row",
            _ => null,
        };

        if (problem is not null)
        {
            throw new ArgumentException($"The resource name '{name}' {problem}.", nameof(name));
        }
    }
}

/// <summary>Marks a parameter as the name of a resource.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResourceNameAttribute : Attribute;

/// <summary>Marks a parameter as the name of an endpoint.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EndpointNameAttribute : Attribute;
