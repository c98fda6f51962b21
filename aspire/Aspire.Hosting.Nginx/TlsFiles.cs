using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx;

/// <summary>A certificate with its chain, and its key, as PEM.</summary>
internal sealed record TlsFiles(string Certificate, string CertificateKey)
{
    /// <summary>Reads the files that a gateway was given.</summary>
    /// <exception cref="DistributedApplicationException">They cannot be used; the message says why, and how to mend it.</exception>
    internal static TlsFiles Read(string gateway, NginxCertificateAnnotation files)
    {
        try
        {
            var (certificate, key) = (File.ReadAllText(files.Certificate), File.ReadAllText(files.CertificateKey));
            // Only to see that both can be read and belong together.
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return new(certificate, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new DistributedApplicationException(
                $"'{gateway}' cannot use the certificate '{files.Certificate}' with the key '{files.CertificateKey}': give a "
                    + $"certificate and its own key, both as PEM, the key without a password. ({e.Message})",
                e
            );
        }
    }
}
