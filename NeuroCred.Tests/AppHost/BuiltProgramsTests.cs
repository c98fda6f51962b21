using System.Reflection.PortableExecutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.AppHost;

namespace NeuroCred.Tests.AppHost;

public sealed class BuiltProgramsTests
{
    [Fact]
    public void A_project_starts_as_the_program_that_was_built()
    {
        var api = Add(CreateBuilder(), "NeuroCred.Api");

        Assert.True(api.TryGetLastAnnotation<ExecutableAnnotation>(out var program));
        Assert.Equal("NeuroCred.Api", Path.GetFileNameWithoutExtension(program.Command + ".exe"));
        Assert.True(File.Exists(program.Command));
        Assert.Equal(Path.Combine(Repository.Folder, "NeuroCred.Api"), program.WorkingDirectory);
    }

    [Fact]
    public void Its_packages_are_machine_code_and_its_own_assemblies_are_left_to_the_debugger()
    {
        var api = Add(CreateBuilder(), "NeuroCred.Api");
        Assert.True(api.TryGetLastAnnotation<ExecutableAnnotation>(out var program));
        var assemblies = Directory.GetFiles(Path.GetDirectoryName(program.Command)!, "*.dll");

        Assert.Contains(assemblies, a => Path.GetFileName(a) == "Npgsql.dll");
        Assert.Equal(
            ["NeuroCred.Api.dll", "NeuroCred.ServiceDefaults.dll", "NeuroCred.Settings.dll"],
            assemblies.Where(a => !IsMachineCode(a)).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Under_dotnet_watch_it_stays_a_project()
    {
        var builder = CreateBuilder();
        builder.Configuration["DOTNET_WATCH"] = "1";

        Assert.False(Add(builder, "NeuroCred.Api").TryGetLastAnnotation<ExecutableAnnotation>(out _));
    }

    [Fact]
    public void When_it_is_published_it_stays_a_project() =>
        Assert.False(Add(CreateBuilder("--operation", "publish"), "NeuroCred.Api").TryGetLastAnnotation<ExecutableAnnotation>(out _));

    [Fact]
    public async Task Without_its_program_it_stays_at_dotnet_run_and_a_warning_names_it_and_the_fix()
    {
        using var log = new MessageLog();
        var builder = CreateBuilder();
        builder.Services.AddSingleton<ILoggerProvider>(log);
        var project = Add(builder, "NeuroCred.Tests.Replica");
        await using var application = builder.Build();

        await builder.Eventing.PublishAsync(new BeforeStartEvent(application.Services, new([project])), Cancellation);

        Assert.False(project.TryGetLastAnnotation<ExecutableAnnotation>(out _));
        var warning = Assert.Single(log.Messages, w => w.Contains("not built", StringComparison.Ordinal));
        Assert.StartsWith("project ", warning, StringComparison.Ordinal);
        Assert.EndsWith(
            "dotnet build " + Path.Combine(Repository.Folder, "NeuroCred.Tests.Replica", "NeuroCred.Tests.Replica.csproj"),
            warning,
            StringComparison.Ordinal
        );
    }

    // Beside the IL there is the header of ReadyToRun.
    private static bool IsMachineCode(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static IDistributedApplicationBuilder CreateBuilder(params string[] arguments) =>
        DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions
            {
                AssemblyName = "NeuroCred.AppHost",
                Args = arguments,
                DisableDashboard = true,
            }
        );

    private static ProjectResource Add(IDistributedApplicationBuilder builder, string project) =>
        builder
            .AddProject("project", Path.Combine(Repository.Folder, project, project + ".csproj"), o => o.ExcludeLaunchProfile = true)
            .WithBuiltProgram()
            .Resource;
}
