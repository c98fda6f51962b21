using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class ReferenceTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder();

    [Fact]
    public async Task A_connection_string_arrives_under_the_name_of_its_source_or_another()
    {
        var source = _builder.AddResource(new Source("db") { Value = "Host=db" });
        var program = _builder.AddProgram().WithReference(source).WithReference(source, "other");
        Assert.Equal(new() { ["ConnectionStrings__db"] = "Host=db", ["ConnectionStrings__other"] = "Host=db" }, await program.EnvironmentAsync());
    }

    [Fact]
    public async Task A_source_may_name_the_variable_itself()
    {
        var source = _builder.AddResource(new Source("db") { Value = "Host=db", ConnectionStringEnvironmentVariable = "DATABASE_URL" });
        Assert.Equal(new() { ["DATABASE_URL"] = "Host=db" }, await _builder.AddProgram().WithReference(source, "ignored").EnvironmentAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_missing_connection_string_fails_the_resource_unless_it_is_optional(string? value)
    {
        var source = _builder.AddResource(new Source("db") { Value = value });
        Assert.Empty(await _builder.AddProgram("easy").WithReference(source, optional: true).EnvironmentAsync());

        var strict = _builder.AddProgram("strict").WithReference(source);
        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(strict.EnvironmentAsync);
        Assert.Equal("'db' has no connection string.", problem.Message);
    }

    [Fact]
    public async Task The_endpoints_of_a_project_arrive_as_service_discovery_variables()
    {
        var api = _builder.AddResource(new ProjectResource("api"))
            .WithHttpEndpoint(4001, isProxied: false)
            .WithHttpsEndpoint(4002, isProxied: false)
            .WithHttpEndpoint(4003, name: "internal", isProxied: false).WithEndpoint("internal", e => e.ExcludeReferenceEndpoint = true);
        var program = _builder.AddProgram().WithReference(api);
        _builder.Allocate();
        Assert.Equal(
            new() { ["services__api__http__0"] = "http://localhost:4001", ["services__api__https__0"] = "https://localhost:4002" },
            await program.EnvironmentAsync());
    }

    [Fact]
    public async Task One_endpoint_can_be_referred_to_and_a_second_of_its_name_gets_the_next_index()
    {
        var api = _builder.AddProgram("api").WithHttpEndpoint(4001, isProxied: false);
        var program = _builder.AddProgram()
            .WithEnvironment("services__api__http__0", "http://elsewhere")
            .WithReference(api.GetEndpoint("http"));
        _builder.Allocate();
        Assert.Equal(
            new() { ["services__api__http__0"] = "http://elsewhere", ["services__api__http__1"] = "http://localhost:4001" },
            await program.EnvironmentAsync());
    }

    [Fact]
    public void A_reference_relates_the_resources()
    {
        var source = _builder.AddResource(new Source("db"));
        var program = _builder.AddProgram().WithReference(source).WithParentRelationship(source);
        Assert.Equal(
            [(source.Resource, "Reference"), (source.Resource, "Parent")],
            program.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => (r.Resource, r.Type)));
    }

    private sealed class Source(string name) : Resource(name), IResourceWithConnectionString
    {
        public string? Value { get; init; }

        public string? ConnectionStringEnvironmentVariable { get; init; }

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Value}");
    }
}
