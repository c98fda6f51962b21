using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Model;

public sealed class ResourceUrlTests
{
    private readonly IDistributedApplicationTestingBuilder _builder = TestModel.CreateBuilder();

    [Fact]
    public async Task Each_endpoint_has_a_url()
        => Assert.Equal<UrlSnapshot>(
            [new("http", "http://localhost:4001", false), new("admin", "http://localhost:4002", false)],
            await UrlsAsync(Program()));

    [Theory]
    [InlineData("/docs", "http://localhost:4001/docs")]
    [InlineData("docs", "http://localhost:4001/docs")]
    [InlineData("/login?back=https://example.com", "http://localhost:4001/login?back=https://example.com")]
    [InlineData("https://example.com/docs", "https://example.com/docs")]
    public async Task The_url_of_an_endpoint_may_be_relative_to_it(string url, string expected)
    {
        var urls = await UrlsAsync(Program().WithUrlForEndpoint("http", u =>
        {
            u.Url = url;
            u.DisplayText = "Documentation";
            u.DisplayOrder = 5;
        }));
        Assert.Equal(expected, urls[0].Url);
        Assert.Equal(new("Documentation", 5), urls[0].DisplayProperties);
        Assert.Equal("http://localhost:4002", urls[1].Url);
    }

    [Fact]
    public async Task Urls_can_be_added_changed_and_taken_away()
    {
        var program = Program()
            .WithUrl("https://example.com", "Manual")
            .WithUrls(context =>
            {
                context.Urls.RemoveAll(u => u.Endpoint?.EndpointName == "admin");
                context.Urls.Add(new() { Url = "/metrics", Endpoint = context.GetEndpoint("http"), DisplayLocation = UrlDisplayLocation.DetailsOnly });
            });
        Assert.Equal<(string?, string, bool)>(
            [("http", "http://localhost:4001", false), (null, "https://example.com", false), ("http", "http://localhost:4001/metrics", true)],
            (await UrlsAsync(program)).Select(u => (u.Name, u.Url, u.IsInternal)));
    }

    private IResourceBuilder<ExecutableResource> Program()
        => _builder.AddProgram().WithHttpEndpoint(4001, isProxied: false).WithHttpEndpoint(4002, name: "admin", isProxied: false);

    private async Task<UrlSnapshot[]> UrlsAsync(IResourceBuilder<IResource> resource)
    {
        _builder.Allocate();
        return [.. await ResourceUrls.GetAsync(resource.Resource, _builder.ExecutionContext, TestContext.Current.CancellationToken)];
    }
}
