using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>A certificate for localhost that nobody trusts, for a day.</summary>
internal static class SelfSignedCertificate
{
    /// <summary>Writes one, and its key, as PEM.</summary>
    public static void Write(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Accepts this certificate alone, for a name that it was made for, although nobody vouches for it.</summary>
    public static RemoteCertificateValidationCallback Accepting(string certificateFile) =>
        (_, certificate, _, errors) =>
            errors == SslPolicyErrors.RemoteCertificateChainErrors
            && certificate is X509Certificate2 shown
            && shown.ExportCertificatePem().Trim() == File.ReadAllText(certificateFile).Trim();
}
