using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Nginx;

/// <summary>
/// A certificate for development, when none is given. Nobody vouches for it, so clients must be told to accept it (<c>curl -k</c>); it
/// lasts as long as the AppHost, and its key is nowhere but in the gateway's folder.
/// </summary>
internal static class DevelopmentCertificate
{
    private static readonly Oid s_serverAuthentication = new("1.3.6.1.5.5.7.3.1");

    internal static TlsFiles Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost, O=Aspire development", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: false,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([s_serverAuthentication], critical: false));

        // Browsers take no more than 398 days; a day back, for clocks that differ.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
        return new(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
