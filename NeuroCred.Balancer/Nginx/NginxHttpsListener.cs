namespace NeuroCred.Balancer.Nginx;

/// <summary>Where nginx listens for HTTPS, and as whom.</summary>
/// <param name="Port">The port that nginx listens on.</param>
/// <param name="PublicPort">The port that clients use, for redirects.</param>
/// <param name="Certificate">The file with the certificate and its chain (PEM): absolute, or below nginx's prefix.</param>
/// <param name="CertificateKey">The file with the key (PEM).</param>
public sealed record NginxHttpsListener(int Port, int PublicPort, string Certificate, string CertificateKey);
