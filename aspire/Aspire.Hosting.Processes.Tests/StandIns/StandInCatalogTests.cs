using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>Which stand-in runs an image.</summary>
public sealed class StandInCatalogTests
{
    [Theory]
    [InlineData("redis", "redis")]
    [InlineData("redis:8.6", "redis")]
    [InlineData("library/postgres", "postgres")]
    [InlineData("docker.io/library/nginx:1.30-alpine", "nginx")]
    [InlineData("docker.io/postgres:18.3", "postgres")]
    [InlineData("localhost:5000/redis:8", "redis")]
    [InlineData("public.ecr.aws/docker/library/redis:8", "redis")]
    [InlineData("nginx@sha256:0123", "nginx")]
    public void An_official_image_is_found_by_any_of_its_names(string image, string name) =>
        Assert.Equal(name, StandInCatalog.Find(image)?.Image);

    [Theory]
    [InlineData("bitnami/redis")]
    [InlineData("docker.io/bitnami/postgres:17")]
    [InlineData("nginxinc/nginx-unprivileged")]
    [InlineData("rabbitmq")]
    [InlineData("")]
    public void An_image_with_a_contract_of_its_own_has_no_stand_in(string image) => Assert.Null(StandInCatalog.Find(image));
}
