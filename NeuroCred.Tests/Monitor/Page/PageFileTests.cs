using NeuroCred.Tests.Monitor.Live;

namespace NeuroCred.Tests.Monitor.Page;

/// <summary>The files that the page is made of.</summary>
public sealed partial class PageFileTests : IAsyncLifetime
{
    private MonitorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await MonitorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/monitor.css", "text/css")]
    [InlineData("/monitor.js", "text/javascript")]
    [InlineData("/icon-healthy.svg", "image/svg+xml")]
    public async Task A_file_comes_with_its_type_and_nothing_else_may_run_beside_it(string path, string type)
    {
        using var answer = await _host.Client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_browser_that_has_a_file_already_is_told_so()
    {
        using var first = await _host.Client.GetAsync("/monitor.js", Cancellation);
        Assert.True(first.Headers.CacheControl?.NoCache);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/monitor.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await _host.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task All_that_the_page_loads_is_its_own_and_there()
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(["/"]);
        while (open.TryDequeue(out var path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            using var answer = await _host.Client.GetAsync(path, Cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.DoesNotMatch(Elsewhere(), text);
            foreach (Match match in Loaded().Matches(text))
            {
                open.Enqueue($"/{match.Groups["file"].Value}");
            }
        }

        Assert.True(seen.Count > 10, $"Only {string.Join(", ", seen)} were found.");
    }

    // Names of XML namespaces are no addresses to load from.
    [GeneratedRegex("""(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9-]+\.[a-z]""")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("""(?:href|src|from)\s*=?\s*"(?:\./)?(?<file>[a-z-]+\.(?:js|css|svg))["]""")]
    private static partial Regex Loaded();
}
