using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>The <c>dotnet</c> program that runs this process, which runs the projects too.</summary>
internal static class DotnetHost
{
    internal static string Path { get; } = Find();

    private static string Find()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent?.Parent?.FullName;
        var program = root is null ? null : System.IO.Path.Combine(root, "dotnet");
        return File.Exists(program) ? program : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    }
}
