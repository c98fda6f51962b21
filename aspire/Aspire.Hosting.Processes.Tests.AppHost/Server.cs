using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Processes.Tests.AppHost;

/// <summary>A server that answers with its name, counts what it is told to lose, and loses it.</summary>
internal static class Server
{
    internal static async Task RunAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture))
        );
        await using var app = builder.Build();
        var lost = 0;
        app.MapMethods("/", ["GET", "POST"], () => name);
        app.MapPost(
            "/lose",
            (HttpContext context) =>
            {
                Interlocked.Increment(ref lost);
                context.Abort();
            }
        );
        app.MapGet("/lost", () => lost);
        await app.RunAsync();
    }
}
