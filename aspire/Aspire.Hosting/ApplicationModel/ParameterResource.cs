namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is given from outside: <c>Parameters:NAME</c> in the configuration.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    /// <summary>Creates a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="callback">Gets its value, given the default if there is one. Called once.</param>
    /// <param name="secret">Whether the value is hidden from sight.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Secret = secret;
        _value = new(() => callback(Default));
    }

    /// <summary>Whether the value is hidden from sight.</summary>
    public bool Secret { get; }

    /// <summary>What the value is when none is given.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What the parameter means, for the one who gives it.</summary>
    public string? Description { get; set; }

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    internal string? ConfigurationKey { get; init; }

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken) => new(_value.Value);
}

/// <summary>What a parameter's value is when none is given.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes the value.</summary>
    public abstract string GetDefaultValue();
}
