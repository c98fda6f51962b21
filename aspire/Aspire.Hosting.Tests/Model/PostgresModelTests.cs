using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class PostgresModelTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder(("Parameters:user", "alice"), ("Parameters:password", "secret"));

    [Fact]
    public async Task The_connection_string_has_host_port_user_password_and_database()
    {
        var postgres = _builder.AddPostgres("postgres", _builder.AddParameter("user"), _builder.AddParameter("password", secret: true), port: 25_432);
        var program = _builder.AddProgram().WithReference(postgres).WithReference(postgres.AddDatabase("scores", "Score Data"));
        _builder.Allocate();
        Assert.Equal(
            new()
            {
                ["ConnectionStrings__postgres"] = "Host=localhost;Port=25432;Username=alice;Password=secret",
                ["ConnectionStrings__scores"] = "Host=localhost;Port=25432;Username=alice;Password=secret;Database=Score Data",
            },
            await program.EnvironmentAsync());
    }

    [Fact]
    public async Task The_server_is_told_its_user_and_password()
    {
        var environment = await _builder.AddPostgres("postgres", password: _builder.AddParameter("password", secret: true)).EnvironmentAsync();
        Assert.Equal(("postgres", "secret"), (environment["POSTGRES_USER"], environment["POSTGRES_PASSWORD"]));
        Assert.Equal("scram-sha-256", environment["POSTGRES_HOST_AUTH_METHOD"]);
    }

    [Fact]
    public async Task A_generated_password_needs_no_quoting_in_a_connection_string()
    {
        for (var i = 0; i < 20; i++)
        {
            var password = await _builder.AddPostgres($"postgres{i}").Resource.PasswordParameter.GetValueAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(password!, c => c is ';' or '=' or '"' or '\'' or ' ');
        }
    }

    [Fact]
    public void A_database_belongs_to_its_server_and_is_named_once()
    {
        var postgres = _builder.AddPostgres("postgres");
        var database = postgres.AddDatabase("scores");
        Assert.Same(postgres.Resource, ((IResourceWithParent)database.Resource).Parent);
        Assert.Equal("scores", database.Resource.DatabaseName);
        Assert.Equal(new Dictionary<string, string> { ["scores"] = "scores" }, postgres.Resource.Databases);
        Assert.ThrowsAny<Exception>(() => postgres.AddDatabase("scores"));
    }

    [Fact]
    public void It_is_a_pinned_image_whose_data_may_live_in_a_volume()
    {
        var postgres = _builder.AddPostgres("postgres").WithDataVolume("truth").Resource;
        var image = Assert.Single(postgres.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal(("docker.io", "library/postgres", "18.3"), (image.Registry, image.Image, image.Tag));
        var mount = Assert.Single(postgres.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(("truth", "/var/lib/postgresql", ContainerMountType.Volume), (mount.Source, mount.Target, mount.Type));
        Assert.Equal("postgres_check", Assert.Single(postgres.Annotations.OfType<HealthCheckAnnotation>()).Key);
    }
}
