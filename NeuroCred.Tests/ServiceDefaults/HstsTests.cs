using Microsoft.Extensions.Hosting;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.ServiceDefaults;

/// <summary>Browsers are told to stay with HTTPS where the platform ends it and the policy says for how long.</summary>
public sealed class HstsTests
{
    [Theory]
    [InlineData("30.00:00:00", "https", "max-age=2592000")]
    [InlineData("30.00:00:00", "http", null)]
    [InlineData("00:00:00", "https", null)]
    [InlineData(null, "https", null)]
    public async Task It_is_said_over_HTTPS_alone_and_for_as_long_as_is_set(string? maxAge, string scheme, string? expected)
    {
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Configuration["Tls:HstsMaxAge"] = maxAge;
                builder.AddServiceDefaults(new(builder.Configuration));
            },
            app => app.MapDefaultEndpoints()
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health")
        {
            Headers =
            {
                { "X-Forwarded-For", "198.51.100.7" },
                { "X-Forwarded-Proto", scheme },
                { "Host", "api.example.org" },
            },
        };

        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal(
            expected is null ? [] : [expected],
            response.Headers.NonValidated.TryGetValues("Strict-Transport-Security", out var v) ? v.ToArray() : []
        );
    }
}
