using CliWrap;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>This machine's nginx.</summary>
internal static class InstalledNginx
{
    public static string? Path { get; } = Tool.Find("nginx");

    // nginx version: nginx/1.22.1 (Ubuntu)
    public static async Task<Version> GetVersionAsync() =>
        Version.Parse((await Tool.RunAsync(Path!, "-v")).Output.Split('/')[1].Split(' ')[0].Trim());

    /// <summary>Writes a rendered configuration, with a certificate where it names one.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, string> files)
    {
        foreach (var (name, text) in files)
        {
            var file = System.IO.Path.Combine(folder, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Directory.CreateDirectory($"{folder}/tls");
        SelfSignedCertificate.Write($"{folder}/tls/certificate.pem", $"{folder}/tls/certificate-key.pem");
    }

    /// <summary>Checks the configuration in a folder (<c>nginx -t</c>).</summary>
    public static Task<(int Code, string Output)> CheckAsync(string folder) => Tool.RunAsync(Path!, [.. Folder(folder), "-t"]);

    /// <summary>Starts it on the configuration in a folder.</summary>
    // Its standard output is a pipe of ours: the access log opens it anew, which a socket, or another user's pipe, refuses.
    public static ChildProcess Start(string folder) => new(Cli.Wrap(Path!).WithArguments(Arguments(folder)));

    /// <summary>What nginx is started with on the configuration in a folder.</summary>
    public static IReadOnlyList<string> Arguments(string folder) => [.. Folder(folder), "-g", "daemon off;"];

    private static string[] Folder(string folder) => ["-p", folder, "-c", "nginx.conf", "-e", "stderr"];
}
