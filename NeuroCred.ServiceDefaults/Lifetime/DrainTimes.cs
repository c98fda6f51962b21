using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>How long an instance takes to leave, once told to stop by SIGTERM.</summary>
internal sealed class DrainTimes
{
    private const string GraceKey = "Draining:Grace";
    private const string TimeoutKey = "Draining:Timeout";

    /// <summary><c>Draining:Grace</c>: how long new requests are still accepted, since the balancer may go on sending them. 0 to 1 minute. Default: 1 s.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary><c>Draining:Timeout</c>: when the process has ended, whatever still runs. Up to 1 hour. Default: 5 s, because the orchestrator (DCP) sends SIGKILL after six.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The grace, and then most of the time for requests in flight; the rest is for the last export.</summary>
    public TimeSpan Shutdown => Grace + ((Timeout - Grace) * 0.625);

    /// <summary>When the process ends itself, measured from the signal.</summary>
    public TimeSpan HardStop => Grace + ((Timeout - Grace) * 0.95);

    /// <summary>Reads the times at start, and names every mistake.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DrainTimes>()
            .Configure(times => times.Read(configuration, []))
            .Validate(_ =>
            {
                List<string> errors = [];
                new DrainTimes().Read(configuration, errors);
                return errors.Count == 0 ? true : throw new OptionsValidationException("Draining", typeof(DrainTimes), errors);
            })
            .ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<DrainTimes>>((host, times) => host.ShutdownTimeout = times.Value.Shutdown);
    }

    internal void Read(IConfiguration configuration, List<string> errors)
    {
        Grace = Read(configuration, GraceKey, Grace, TimeSpan.Zero, TimeSpan.FromMinutes(1), errors);
        Timeout = Read(configuration, TimeoutKey, Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), errors);
        if (errors.Count == 0 && Timeout <= Grace)
        {
            errors.Add($"{TimeoutKey} is {Timeout:c}, and {GraceKey} is {Grace:c}: give a timeout that is longer, since it includes the grace.");
        }
    }

    private static TimeSpan Read(IConfiguration configuration, string key, TimeSpan byDefault, TimeSpan least, TimeSpan most, List<string> errors)
    {
        var given = configuration[key];
        if (string.IsNullOrWhiteSpace(given))
        {
            return byDefault;
        }

        if (TimeSpan.TryParseExact(given, "c", CultureInfo.InvariantCulture, out var time) && time >= least && time <= most)
        {
            return time;
        }

        errors.Add($"{key} is '{given}'. Give hours, minutes and seconds from {least:c} to {most:c}, such as {byDefault:c}.");
        return byDefault;
    }
}
