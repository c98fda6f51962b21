using Aspire.Hosting.Processes.StandIns.Nginx;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>Templates of the nginx image.</summary>
public sealed class EnvironmentTemplateTests
{
    private static readonly Dictionary<string, string> s_variables = new()
    {
        ["HOST"] = "api-1:4001",
        ["PORT"] = "8080",
        ["EMPTY"] = "",
    };

    [Theory]
    [InlineData("listen ${PORT};", "listen 8080;")]
    [InlineData("listen $PORT;", "listen 8080;")]
    [InlineData("server $HOST;$EMPTY", "server api-1:4001;")]
    [InlineData("proxy_set_header Host $host;", "proxy_set_header Host $host;")]
    [InlineData("$PORTS ${PORT", "$PORTS ${PORT")]
    [InlineData("$$PORT", "$8080")]
    public void Only_defined_variables_are_replaced(string template, string expected) =>
        Assert.Equal(expected, EnvironmentTemplate.Render(template, s_variables));

    [Fact]
    public void A_filter_says_which_variables_count() =>
        Assert.Equal("$HOST 8080", EnvironmentTemplate.Render("$HOST $PORT", s_variables, "^PO"));
}
