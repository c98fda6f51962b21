using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Health;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>YARP, which is a library: this program, started once more as a gateway.</summary>
internal static class YarpGateway
{
    /// <summary>The verb that starts it.</summary>
    public const string Verb = "yarp";

    private const string Best = "best";

    /// <summary>The command line that starts it as a process of its own.</summary>
    public static IReadOnlyList<string> Command(string configuration, int port, bool best) =>
        [
            Tool.Require("dotnet"),
            typeof(YarpGateway).Assembly.Location,
            Verb,
            configuration,
            port.ToString(),
            .. best ? [Best] : Array.Empty<string>(),
        ];

    /// <summary>Serves until the process is ended.</summary>
    /// <param name="args">The configuration's path, the port, and whether YARP is to be at its best.</param>
    public static Task RunAsync(IReadOnlyList<string> args)
    {
        var port = int.Parse(args[1]);
        var best = args.Contains(Best);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddJsonFile(args[0]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var proxy = builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        if (best)
        {
            // By default it looks at a minute, and needs 10 requests; a replica stays out for as long as it looks back.
            builder.Services.Configure<TransportFailureRateHealthPolicyOptions>(options =>
            {
                options.DetectionWindowSize = TimeSpan.FromSeconds(2);
                options.MinimalTotalCountThreshold = 3;
            });
            proxy.ConfigureHttpClient((_, handler) => handler.ConnectTimeout = TimeSpan.FromSeconds(1));
        }

        var app = builder.Build();
        if (best)
        {
            app.MapReverseProxy(pipeline =>
            {
                pipeline.Use(SafeResend.InvokeAsync);
                pipeline.UseSessionAffinity();
                pipeline.UseLoadBalancing();
                pipeline.UsePassiveHealthChecks();
            });
        }
        else
        {
            app.MapReverseProxy();
        }

        return app.RunAsync();
    }
}
