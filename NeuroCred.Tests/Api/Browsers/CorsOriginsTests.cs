using NeuroCred.Api.Browsers;

namespace NeuroCred.Tests.Api.Browsers;

public class CorsOriginsTests
{
    [Fact]
    public void Without_a_setting_there_are_none() => Assert.Empty(CorsServices.ReadOrigins(GivenSettings.Of()));

    [Fact]
    public void Origins_are_read_as_browsers_send_them()
    {
        var settings = GivenSettings.Of(("Cors:Origins", "https://App.example:443, http://localhost:3000/ ,http://[::1]:3000"));

        Assert.Equal(["https://app.example", "http://localhost:3000", "http://[::1]:3000"], CorsServices.ReadOrigins(settings));
        Assert.Empty(settings.Errors);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example")]
    [InlineData("https://*.app.example")]
    [InlineData("https://app.example/page")]
    [InlineData("https://app.example?query")]
    [InlineData("https://user@app.example")]
    [InlineData("ws://app.example")]
    [InlineData("null")]
    public void What_is_no_origin_is_refused_by_its_name(string origin)
    {
        var settings = GivenSettings.Of(("Cors:Origins", $"https://good.example,{origin}"));

        CorsServices.ReadOrigins(settings);

        Assert.StartsWith($"Cors:Origins has '{origin}': give origins such as", Assert.Single(settings.Errors), StringComparison.Ordinal);
    }
}
