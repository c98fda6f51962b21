using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NeuroCred.Balancer.Policy;

namespace Aspire.Hosting.Nginx;

/// <summary>A certificate with its chain, and its key, as PEM.</summary>
internal sealed record TlsFiles(string Certificate, string CertificateKey)
{
    /// <summary>Reads the files that a policy names.</summary>
    /// <param name="policy">A policy that names both.</param>
    /// <param name="error">What is wrong with them, naming the setting and the fix, or null.</param>
    internal static TlsFiles? TryRead(TlsPolicy policy, out string? error)
    {
        if (TryReadText("Tls:Certificate", policy.Certificate!, out error) is not { } certificate
            || TryReadText("Tls:CertificateKey", policy.CertificateKey!, out error) is not { } key)
        {
            return null;
        }

        try
        {
            // Only to see that both can be read and belong together.
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return new(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            error = $"Tls:Certificate ('{policy.Certificate}') and Tls:CertificateKey ('{policy.CertificateKey}') are no pair: give a certificate and its own key, both as PEM, the key without a password. ({e.Message})";
            return null;
        }
    }

    private static string? TryReadText(string key, string path, out string? error)
    {
        try
        {
            error = null;
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"{key} is '{path}', which cannot be read: give the path of a PEM file. ({e.Message})";
            return null;
        }
    }
}
