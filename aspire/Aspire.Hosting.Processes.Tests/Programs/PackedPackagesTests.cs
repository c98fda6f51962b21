using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests.Programs;

/// <summary>Both packages serve an application that has nothing else of this repository.</summary>
[Collection(ProgramTests.Name)]
public sealed class PackedPackagesTests : IDisposable
{
    private readonly string _version = $"0.0.0-test.{Guid.NewGuid():N}";
    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        foreach (var package in (string[])["aspire.hosting.nginx", "aspire.hosting.processes"])
        {
            var cached = Path.Combine(PackageCache, package, _version);
            if (Directory.Exists(cached))
            {
                Directory.Delete(cached, recursive: true);
            }
        }
    }

    private static string PackageCache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [Fact]
    public async Task An_AppHost_that_has_only_the_packages_builds_without_a_warning_serves_and_leaves_nothing()
    {
        var sources = Path.Combine(AppContext.BaseDirectory, "PackedAppHost");
        await Task.WhenAll(
            ((string[])["Aspire.Hosting.Nginx", "Aspire.Hosting.Processes"]).Select(package =>
                DotnetAsync(
                    "pack",
                    Path.Combine(FindRepository(), "aspire", package),
                    $"-p:Version={_version}",
                    "-o",
                    $"{_folder}/feed",
                    "--artifacts-path",
                    $"{_folder}/packing"
                )
            )
        );

        foreach (var file in Directory.EnumerateFiles(sources))
        {
            Directory.CreateDirectory($"{_folder}/app");
            File.Copy(file, Path.Combine(_folder, "app", Path.GetFileName(file).Replace(".txt", "", StringComparison.Ordinal)));
        }

        await DotnetAsync(
            "build",
            $"{_folder}/app/AppHost.csproj",
            $"-p:PackedVersion={_version}",
            $"-p:RestoreAdditionalProjectSources={_folder}/feed",
            "-o",
            $"{_folder}/out"
        );

        var temporary = Directory.CreateDirectory($"{_folder}/tmp").FullName;
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await using var appHost = new RunningAppHost($"{_folder}/out/AppHost", temporary);
        await appHost.WaitUntilReadyAsync();
        Assert.Superset(new HashSet<string> { "postgres", "redis-server", "nginx" }, appHost.ProgramNames.ToHashSet());
        appHost.Signal("INT");
        Assert.Equal(0, await appHost.WaitForExitAsync());
        await appHost.NothingIsLeftAsync();
    }

    private static async Task DotnetAsync(params string[] arguments)
    {
        // Nodes and a compiler that stay would hold the output open.
        using var dotnet = Process.Start(
            new ProcessStartInfo("dotnet", [.. arguments, "--nologo", "-v:q", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = dotnet.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await dotnet.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await dotnet.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(dotnet.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {said}");
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests are not below the repository.");
        }

        return folder;
    }
}
