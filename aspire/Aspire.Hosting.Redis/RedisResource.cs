namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server.</summary>
public class RedisResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Creates the resource.</summary>
    /// <param name="name">Its name.</param>
    public RedisResource(string name) : base(name)
    {
    }

    /// <summary>Creates the resource.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="password">The password that clients need.</param>
    public RedisResource(string name, ParameterResource password) : base(name) => PasswordParameter = password;

    /// <summary>The endpoint that clients use.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The host that clients use.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port that clients use.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The password that clients need, or null for none.</summary>
    public ParameterResource? PasswordParameter { get; internal set; }

    /// <summary>Host, port and password, in the form of StackExchange.Redis.</summary>
    public ReferenceExpression ConnectionStringExpression => PasswordParameter is { } password
        ? ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={password}")
        : ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
}
