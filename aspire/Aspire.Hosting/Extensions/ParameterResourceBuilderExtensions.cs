using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Secrets;

namespace Aspire.Hosting;

/// <summary>Adds values that are given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is <c>Parameters:NAME</c> in the configuration.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="secret">Whether the value is hidden from sight.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false)
        => builder.AddParameter(name, @default: null, secret);

    /// <summary>Adds a parameter with a value of its own, unless the configuration gives one.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether the value is published. The local build publishes nothing.</param>
    /// <param name="secret">Whether the value is hidden from sight.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[GetKey(name)] ?? value, secret) { ConfigurationKey = GetKey(name) });
    }

    /// <summary>Adds a parameter with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is when the configuration gives no value.</param>
    /// <param name="secret">Whether the value is hidden from sight.</param>
    /// <param name="persist">Whether a value that was made is kept in the AppHost's user secrets for the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, ParameterDefault value, bool secret = false, bool persist = false)
        => builder.AddParameter(name, persist ? Persist(builder, name, value) : value, secret);

    /// <summary>Makes a parameter for the password of a resource: generated, and kept for the next run.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lower">Whether it has lower-case letters.</param>
    /// <param name="upper">Whether it has upper-case letters.</param>
    /// <param name="numeric">Whether it has digits.</param>
    /// <param name="special">Whether it has punctuation.</param>
    /// <param name="minLower">The least number of lower-case letters.</param>
    /// <param name="minUpper">The least number of upper-case letters.</param>
    /// <param name="minNumeric">The least number of digits.</param>
    /// <param name="minSpecial">The least number of punctuation characters.</param>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var generated = new GenerateParameterDefault
        {
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        };
        return Create(builder, name, Persist(builder, name, generated), secret: true);
    }

    private static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault? @default, bool secret)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(Create(builder, name, @default, secret));
    }

    private static ParameterResource Create(IDistributedApplicationBuilder builder, string name, ParameterDefault? @default, bool secret)
    {
        var key = GetKey(name);
        return new(name, GetValue, secret) { Default = @default, ConfigurationKey = key };

        string GetValue(ParameterDefault? value) => builder.Configuration[key] ?? value?.GetDefaultValue() ?? throw new MissingParameterValueException(
            $"The parameter '{name}' has no value. Give it as '{key}' in the configuration, or as the environment variable '{key.Replace(":", "__", StringComparison.Ordinal)}'.");
    }

    private static ParameterDefault Persist(IDistributedApplicationBuilder builder, string name, ParameterDefault value)
        => builder is DistributedApplicationBuilder { Secrets: var secrets } ? new PersistedDefault(secrets, GetKey(name), value) : value;

    private static string GetKey(string name) => $"Parameters:{name}";

    private sealed class PersistedDefault(UserSecrets secrets, string key, ParameterDefault inner) : ParameterDefault
    {
        public override string GetDefaultValue() => secrets.GetOrAdd(key, inner.GetDefaultValue);
    }
}
