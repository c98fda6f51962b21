using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class EnvironmentTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder(("Parameters:region", "eu"));

    [Fact]
    public async Task Every_way_of_setting_a_variable_sets_it()
    {
        var other = _builder.AddProgram("other").WithHttpEndpoint(4001, isProxied: false);
        var region = _builder.AddParameter("region");
        var cache = _builder.AddRedis("cache", password: _builder.AddParameter("password", "secret"));
        var count = 0;
        var program = _builder.AddProgram()
            .WithEnvironment("TEXT", "value")
            .WithEnvironment("NOTHING", (string?)null)
            .WithEnvironment("INTERPOLATED", $"region={region};url={other.GetEndpoint("http")}")
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"<{region}>"))
            .WithEnvironment("FUNCTION", () => $"{++count}")
            .WithEnvironment("ENDPOINT", other.GetEndpoint("http"))
            .WithEnvironment("PARAMETER", region)
            .WithEnvironment("CONNECTION", cache)
            .WithEnvironment(context => context.EnvironmentVariables["CALLBACK"] = 42)
            .WithEnvironment(async context =>
            {
                await Task.Yield();
                context.EnvironmentVariables["NAME"] = context.Resource.Name;
            });
        _builder.Allocate();

        var environment = await program.EnvironmentAsync();
        var port = cache.Resource.Endpoint("tcp").AllocatedEndpoint!.Port;
        Assert.Equal(
            new()
            {
                ["TEXT"] = "value",
                ["NOTHING"] = "",
                ["INTERPOLATED"] = "region=eu;url=http://localhost:4001",
                ["EXPRESSION"] = "<eu>",
                ["FUNCTION"] = "1",
                ["ENDPOINT"] = "http://localhost:4001",
                ["PARAMETER"] = "eu",
                ["CONNECTION"] = $"localhost:{port},password=secret",
                ["CALLBACK"] = "42",
                ["NAME"] = "program",
            },
            environment);
        Assert.Equal("2", (await program.EnvironmentAsync())["FUNCTION"]);
    }

    [Fact]
    public async Task The_last_word_on_a_variable_counts_and_a_callback_sees_what_was_said_before()
    {
        var program = _builder.AddProgram()
            .WithEnvironment("A", "first")
            .WithEnvironment("A", "second")
            .WithEnvironment("B", "unwanted")
            .WithEnvironment(context =>
            {
                Assert.Equal("second", context.EnvironmentVariables["A"]);
                context.EnvironmentVariables.Remove("B");
            });
        Assert.Equal(new() { ["A"] = "second" }, await program.EnvironmentAsync());
    }

    [Fact]
    public async Task A_variable_whose_value_is_missing_is_named_with_its_resource()
    {
        var program = _builder.AddProgram("api").WithEnvironment("API_KEY", _builder.AddParameter("apikey", secret: true));
        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(program.EnvironmentAsync);
        Assert.Contains("'api'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'API_KEY'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Parameters__apikey", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resource_is_related_to_the_parameter_and_the_connection_it_uses()
    {
        var region = _builder.AddParameter("region");
        var cache = _builder.AddRedis("cache");
        var program = _builder.AddProgram().WithEnvironment("A", region).WithEnvironment("B", cache);
        Assert.Equal(
            [(region.Resource, "Reference"), (cache.Resource, "Reference")],
            program.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => (r.Resource, r.Type)));
    }
}
