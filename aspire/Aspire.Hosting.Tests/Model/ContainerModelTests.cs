using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Model;

public sealed class ContainerModelTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder();

    [Fact]
    public void An_image_has_registry_name_and_tag_each_of_which_can_be_changed_alone()
    {
        var container = _builder.AddContainer("web", "nginx", "1.27");
        Assert.Equal((null, "nginx", "1.27"), Image(container));
        Assert.Equal((null, "nginx", "1.28"), Image(container.WithImageTag("1.28")));
        Assert.Equal(("ghcr.io", "nginx", "1.28"), Image(container.WithImageRegistry("ghcr.io")));
        Assert.Equal(("ghcr.io", "other/nginx", "1.28"), Image(container.WithImage("other/nginx")));
        Assert.Equal((null, "nginx", "latest"), Image(_builder.AddContainer("two", "nginx")));
    }

    [Fact]
    public void Volumes_and_folders_are_mounted_relative_ones_from_the_folder_of_the_AppHost()
    {
        var container = _builder.AddContainer("web", "nginx")
            .WithVolume("data", "/data")
            .WithVolume(null, "/scratch")
            .WithBindMount("html", "/usr/share/nginx/html", isReadOnly: true);
        Assert.Equal(
            [
                ("data", "/data", ContainerMountType.Volume, false),
                (null, "/scratch", ContainerMountType.Volume, false),
                ((string?)Path.Combine(_builder.AppHostDirectory, "html"), "/usr/share/nginx/html", ContainerMountType.BindMount, true),
            ],
            container.Resource.Annotations.OfType<ContainerMountAnnotation>().Select(m => (m.Source, m.Target, m.Type, m.IsReadOnly)));
    }

    [Fact]
    public void A_bind_mount_needs_an_absolute_source()
    {
        Assert.Throws<ArgumentException>(() => new ContainerMountAnnotation("relative", "/data", ContainerMountType.BindMount, isReadOnly: false));
        Assert.Throws<ArgumentNullException>(() => new ContainerMountAnnotation(null, "/data", ContainerMountType.BindMount, isReadOnly: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void A_file_in_a_container_has_a_name_and_no_path(string name)
        => Assert.Contains("is not a file name", Assert.Throws<ArgumentException>(() => new ContainerFile { Name = name }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Files_are_made_late_and_for_each_start()
    {
        var starts = 0;
        var container = _builder.AddContainer("web", "nginx")
            .WithContainerFiles("/etc/nginx", (context, _) =>
            {
                Assert.Equal("web", context.Model.Name);
                return Task.FromResult<IEnumerable<ContainerFileSystemItem>>([new ContainerFile { Name = "nginx.conf", Contents = $"# {++starts}" }]);
            });
        var annotation = Assert.Single(container.Resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>());
        Assert.Equal("/etc/nginx", annotation.DestinationPath);
        using var services = new ServiceCollection().BuildServiceProvider();
        foreach (var start in new[] { 1, 2 })
        {
            var file = Assert.Single(await annotation.Callback(new() { Model = container.Resource, ServiceProvider = services }, TestContext.Current.CancellationToken));
            Assert.Equal($"# {start}", Assert.IsType<ContainerFile>(file).Contents);
        }
    }

    [Fact]
    public void The_volumes_of_two_resources_and_of_two_applications_have_different_names()
    {
        var one = VolumeNameGenerator.Generate(_builder.AddContainer("one", "nginx"), "data");
        Assert.EndsWith("-one-data", one, StringComparison.Ordinal);
        Assert.NotEqual(one, VolumeNameGenerator.Generate(_builder.AddContainer("two", "nginx"), "data"));

        var elsewhere = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { ProjectDirectory = Path.GetTempPath() });
        Assert.NotEqual(one, VolumeNameGenerator.Generate(elsewhere.AddContainer("one", "nginx"), "data"));
    }

    private static (string?, string, string?) Image(IResourceBuilder<ContainerResource> container)
    {
        var image = Assert.Single(container.Resource.Annotations.OfType<ContainerImageAnnotation>());
        return (image.Registry, image.Image, image.Tag);
    }
}
