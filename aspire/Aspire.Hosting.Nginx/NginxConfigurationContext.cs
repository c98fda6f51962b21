namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an nginx gateway is to serve, known when it starts. See
/// <see cref="NginxResourceBuilderExtensions.WithConfiguration"/>.</summary>
public sealed record NginxConfigurationContext
{
    /// <summary>The servers, at least one, in the order in which they were given.</summary>
    public required IReadOnlyList<NginxUpstreamServer> Servers { get; init; }

    /// <summary>The port to listen on for plain HTTP, inside the container.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Where to listen for HTTPS; null unless <see cref="NginxResourceBuilderExtensions.WithHttps"/> was called.</summary>
    public NginxHttpsListener? Https { get; init; }

    /// <summary>
    /// The port to answer <see cref="NginxResource.StatusPath"/> on, inside the container; null unless
    /// <see cref="NginxResourceBuilderExtensions.WithStatus"/> was called.
    /// </summary>
    public int? StatusPort { get; init; }

    /// <summary>
    /// The absolute path, in the container, of the file that gets the access log as well; null unless
    /// <see cref="NginxResourceBuilderExtensions.WithAccessLog"/> was called.
    /// </summary>
    public string? AccessLogFile { get; init; }

    /// <summary>
    /// The version of the nginx that reads the configuration: the configuration key <c>Nginx:Version</c> if it is there, else the image's
    /// tag, else 1.22.
    /// </summary>
    public required Version NginxVersion { get; init; }
}

/// <summary>A server behind an nginx gateway, as nginx reaches it.</summary>
/// <param name="Name">The name of its resource.</param>
/// <param name="Host">Its address or host name, in the network that nginx is in.</param>
/// <param name="Port">Its port.</param>
public sealed record NginxUpstreamServer(string Name, string Host, int Port)
{
    /// <summary>
    /// The argument of nginx's directive <c>server</c>. <c>localhost</c> is written as 127.0.0.1: nginx makes a peer of each address that a
    /// name has, of which ::1 would be dead when the server listens on IPv4 alone.
    /// </summary>
    public string Address => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Peer}:{Port}");

    private string Peer =>
        Host switch
        {
            "localhost" => "127.0.0.1",
            _ when Host.Contains(':', StringComparison.Ordinal) => $"[{Host.Trim('[', ']')}]",
            _ => Host,
        };
}

/// <summary>Where an nginx gateway listens for HTTPS, and with which certificate.</summary>
/// <param name="Port">The port to listen on, inside the container.</param>
/// <param name="PublicPort">The port that clients use, for redirects.</param>
/// <param name="Certificate">The PEM file with the certificate and its chain, relative to <c>/etc/nginx</c>.</param>
/// <param name="CertificateKey">The PEM file with its key, relative to <c>/etc/nginx</c>.</param>
public sealed record NginxHttpsListener(int Port, int PublicPort, string Certificate, string CertificateKey);
