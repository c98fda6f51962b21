using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class RedisModelTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder(("Parameters:mine", "secret"));

    [Fact]
    public async Task The_connection_string_has_host_port_and_password()
    {
        var redis = _builder.AddRedis("cache", port: 26_379, password: _builder.AddParameter("mine", secret: true));
        var program = _builder.AddProgram().WithReference(redis);
        _builder.Allocate();
        Assert.Equal(new() { ["ConnectionStrings__cache"] = "localhost:26379,password=secret" }, await program.EnvironmentAsync());
        Assert.Equal("{cache.bindings.tcp.hostAndPort},password={mine.value}", redis.Resource.ConnectionStringExpression.ValueExpression);
    }

    [Fact]
    public async Task The_password_is_generated_and_goes_by_the_environment_never_by_an_argument()
    {
        var redis = _builder.AddRedis("cache");
        var password = await redis.Resource.PasswordParameter!.GetValueAsync(TestContext.Current.CancellationToken);
        Assert.All(password!, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.Equal(22, password!.Length);
        Assert.Equal(password, (await redis.EnvironmentAsync())["REDIS_PASSWORD"]);
        Assert.DoesNotContain(password, string.Join(' ', await redis.ArgumentsAsync()), StringComparison.Ordinal);
        Assert.Contains("--requirepass \"$REDIS_PASSWORD\"", string.Join(' ', await redis.ArgumentsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_in_a_volume_is_saved_every_minute_unless_said_otherwise()
    {
        var kept = _builder.AddRedis("kept").WithDataVolume("scores");
        var mount = Assert.Single(kept.Resource.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(("scores", "/data", false), (mount.Source, mount.Target, mount.IsReadOnly));
        Assert.EndsWith(" --save 60 1", (await kept.ArgumentsAsync())[^1], StringComparison.Ordinal);

        kept.WithPersistence(TimeSpan.FromSeconds(10), keysChangedThreshold: 5);
        Assert.EndsWith(" --save 10 5", (await kept.ArgumentsAsync())[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("--save", (await _builder.AddRedis("forgetful").ArgumentsAsync())[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_a_pinned_image_with_a_health_check()
    {
        var redis = _builder.AddRedis("cache").Resource;
        var image = Assert.Single(redis.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal(("docker.io", "library/redis", "8.6"), (image.Registry, image.Image, image.Tag));
        Assert.Equal(6379, redis.Endpoint("tcp").TargetPort);
        Assert.Equal("cache_check", Assert.Single(redis.Annotations.OfType<HealthCheckAnnotation>()).Key);
    }
}
