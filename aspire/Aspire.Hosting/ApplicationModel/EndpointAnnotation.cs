using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource serves.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _transport;
    private bool? _tlsEnabled;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">The scheme of its URL; <c>tcp</c> when null.</param>
    /// <param name="transport">The application protocol; follows from the scheme when null.</param>
    /// <param name="name">Its name within the resource; the scheme when null.</param>
    /// <param name="port">The port that callers use; any free one when null.</param>
    /// <param name="targetPort">The port that the resource listens on; chosen at start when null.</param>
    /// <param name="isExternal">Whether it is meant for callers outside the application.</param>
    /// <param name="isProxied">Whether the orchestrator's TCP proxy stands before it; true when null.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        IsProxied = isProxied ?? true;
        _transport = transport;
    }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The application protocol.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        set => _transport = value;
    }

    /// <summary>Its name within the resource.</summary>
    public string Name { get; set; }

    /// <summary>The port that callers use, or null for any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the resource listens on, or null for one chosen at start.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host name or address that the resource binds. Default: localhost.</summary>
    public string TargetHost { get; set; } = KnownHostNames.Localhost;

    /// <summary>Whether it is meant for callers outside the application.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether the orchestrator's TCP proxy stands before it.</summary>
    public bool IsProxied { get; set; }

    /// <summary>What the model said about the proxy, or null when it said nothing.</summary>
    public bool? IsExplicitlyProxied { get; set; }

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether callers must use TLS. Default: true for the https scheme.</summary>
    public bool TlsEnabled
    {
        get => _tlsEnabled ?? UriScheme == "https";
        set => _tlsEnabled = value;
    }

    /// <summary>The address it got, or null before that.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => AllocatedEndpointSnapshot.IsValueSet ? AllocatedEndpointSnapshot.GetValueAsync().Result : null;
        set => AllocatedEndpointSnapshot.SetValue(value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>The address it will get, to wait for.</summary>
    internal ValueSnapshot<AllocatedEndpoint> AllocatedEndpointSnapshot { get; } = new();
}

/// <summary>The address an endpoint got.</summary>
public class AllocatedEndpoint
{
    /// <summary>Records an address.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="address">The host name or address that callers use.</param>
    /// <param name="port">The port that callers use.</param>
    /// <param name="targetPortExpression">The port that the resource listens on.</param>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        Endpoint = endpoint;
        Address = address;
        Port = port;
        TargetPortExpression = targetPortExpression;
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>The host name or address that callers use.</summary>
    public string Address { get; }

    /// <summary>The port that callers use.</summary>
    public int Port { get; }

    /// <summary>The port that the resource listens on.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>The scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Address and port.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>The URL.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc/>
    public override string ToString() => UriString;
}

/// <summary>A value that is set once, and can be waited for.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class ValueSnapshot<T>
{
    private TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the value is there.</summary>
    public bool IsValueSet => _source.Task.IsCompletedSuccessfully;

    /// <summary>Waits for the value.</summary>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default) => _source.Task.WaitAsync(cancellationToken);

    /// <summary>Sets the value, or replaces it.</summary>
    public void SetValue(T value)
    {
        if (!_source.TrySetResult(value))
        {
            var replacement = new TaskCompletionSource<T>();
            replacement.SetResult(value);
            _source = replacement;
        }
    }

    /// <summary>Makes everyone who waits fail.</summary>
    public void SetException(Exception exception) => _source.TrySetException(exception);
}
