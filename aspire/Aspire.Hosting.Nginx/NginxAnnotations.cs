namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an nginx gateway balances.</summary>
/// <param name="Servers">The endpoints of the servers, at least one.</param>
internal sealed record NginxLoadBalancingAnnotation(IReadOnlyList<EndpointReference> Servers) : IResourceAnnotation;

/// <summary>Who writes the files of <c>/etc/nginx</c> in place of the default.</summary>
/// <param name="Render">Gives the files' contents by their paths below <c>/etc/nginx</c>.</param>
internal sealed record NginxConfigurationAnnotation(Func<NginxConfigurationContext, IReadOnlyDictionary<string, string>> Render)
    : IResourceAnnotation;

/// <summary>The certificate of an nginx gateway.</summary>
/// <param name="Certificate">The absolute path of the PEM file with the certificate and its chain, on the host.</param>
/// <param name="CertificateKey">That of its key.</param>
internal sealed record NginxCertificateAnnotation(string Certificate, string CertificateKey) : IResourceAnnotation;

/// <summary>Has an nginx gateway write its access log to a file as well.</summary>
/// <param name="File">The file's absolute path in the container.</param>
internal sealed record NginxAccessLogAnnotation(string File) : IResourceAnnotation;
