namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known late, at the start of the resource that asks for it.</summary>
public interface IValueProvider
{
    /// <summary>Gets the value, waiting until it is known.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>Gets the value as the caller named in the context sees it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
        => GetValueAsync(cancellationToken);
}

/// <summary>Who asks for a value, and from where.</summary>
public class ValueProviderContext
{
    /// <summary>The resource that asks.</summary>
    public IResource? Caller { get; init; }

    /// <summary>How the application runs.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The network the caller is in.</summary>
    public NetworkIdentifier? Network { get; init; }
}

/// <summary>A value that has a name in a deployment manifest.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The name, for instance <c>{redis.connectionString}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that is made from other things of the model.</summary>
public interface IValueWithReferences
{
    /// <summary>The things it is made from.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>The name of a network that resources reach each other by.</summary>
/// <param name="Value">The name.</param>
public record NetworkIdentifier(string Value);

/// <summary>The networks every application has.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>The machine the AppHost runs on.</summary>
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");

    /// <summary>The network of the containers. Local processes stand in for containers, so it is this machine too.</summary>
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");

    /// <summary>The internet.</summary>
    public static readonly NetworkIdentifier PublicInternet = new("public-internet");
}

/// <summary>Host names with a meaning.</summary>
public static class KnownHostNames
{
    /// <summary>This machine.</summary>
    public const string Localhost = "localhost";
}

/// <summary>A value that can stand in an expression.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
