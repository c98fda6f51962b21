using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Scraping;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Samples_have_names_labels_and_values()
    {
        var samples = Parse(
            """
            # TYPE http_server_active_requests gauge
            # HELP http_server_active_requests Number of active HTTP server requests.
            http_server_active_requests{http_request_method="GET",url_scheme="http"} 3 1795655264721

            plain_total 1.5e+3
            spaced { a = "b" , } -0.25
            empty{} NaN
            most_bucket{le="+Inf"} +Inf
            # EOF

            """
        );

        Assert.Equal(["http_server_active_requests", "plain_total", "spaced", "empty", "most_bucket"], samples.Select(s => s.Name));
        Assert.Equal([3, 1500, -0.25, double.NaN, double.PositiveInfinity], samples.Select(s => s.Value));
        Assert.Equal("GET", samples[0]["http_request_method"]);
        Assert.Equal("b", samples[2]["a"]);
        Assert.Null(samples[1]["a"]);
    }

    [Fact]
    public void Labels_may_hold_quotes_braces_backslashes_and_line_ends() =>
        Assert.Equal("a\"b\\c\nd{e=\"f\"},g#ü", Assert.Single(Parse("x{y=\"a\\\"b\\\\c\\nd{e=\\\"f\\\"},g#ü\"} 1\n"))["y"]);

    [Fact]
    public void What_is_not_wanted_is_not_kept() =>
        Assert.Equal(["b"], PrometheusText.Parse("a{x=\"y\"} 1\nb 2\n", name => name == "b").Select(s => s.Name));

    [Theory]
    [InlineData("<html>\n")]
    [InlineData("x\n")]
    [InlineData("x y\n")]
    [InlineData("x 0x10\n")]
    [InlineData("x 1 2 3\n")]
    [InlineData("x{} \n")]
    [InlineData("x{y} 1\n")]
    [InlineData("x{y=z} 1\n")]
    [InlineData("x{y=\"z} 1\n")]
    [InlineData("x{y=\"z\" w=\"v\"} 1\n")]
    [InlineData("x{y=\"z\",y=\"z\"} 1\n")]
    [InlineData("x{y=\"\\q\"} 1\n")]
    [InlineData("1x 1\n")]
    [InlineData("x 1")]
    public void What_is_none_of_the_format_is_refused(string text) => Assert.Throws<FormatException>(() => Parse(text));

    [Fact]
    public void A_line_that_is_refused_is_named() =>
        Assert.Contains(
            "Line 3 ",
            Assert.Throws<FormatException>(() => Parse("# HELP a b\na 1\na one\n")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Nothing_is_no_sample() => Assert.Empty(Parse(""));

    private static IReadOnlyList<MetricSample> Parse(string text) => PrometheusText.Parse(text);
}
