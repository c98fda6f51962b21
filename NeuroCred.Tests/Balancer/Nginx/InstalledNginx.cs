using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>This machine's nginx.</summary>
internal static class InstalledNginx
{
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Append("/usr/sbin").Select(folder => System.IO.Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);

    public static async Task<Version> GetVersionAsync()
    {
        using var process = Process.Start(new ProcessStartInfo(Path!, ["-v"]) { RedirectStandardError = true })!;
        // nginx version: nginx/1.22.1 (Ubuntu)
        return Version.Parse((await process.StandardError.ReadToEndAsync()).Split('/')[1].Split(' ')[0].Trim());
    }

    /// <summary>Writes a rendered configuration, with a certificate where it names one.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, string> files)
    {
        foreach (var (name, text) in files)
        {
            var file = System.IO.Path.Combine(folder, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Directory.CreateDirectory($"{folder}/tls");
        File.WriteAllText($"{folder}/tls/certificate.pem", certificate.ExportCertificatePem());
        File.WriteAllText($"{folder}/tls/certificate-key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Starts it on the configuration in a folder.</summary>
    public static Process Start(string folder, params string[] arguments) => Process.Start(new ProcessStartInfo(Path!, ["-p", folder, "-c", "nginx.conf", "-e", "stderr", .. arguments])
    {
        // Its standard output is a pipe of ours: the access log opens it anew, which a socket, or another user's pipe, refuses.
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
