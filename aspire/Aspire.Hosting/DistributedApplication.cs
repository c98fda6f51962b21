using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

/// <summary>An application of many parts, to be run.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EntryPointObserver? _observer;

    /// <summary>Wraps a host.</summary>
    public DistributedApplication(IHost host) : this(host, observer: null)
    {
    }

    internal DistributedApplication(IHost host, EntryPointObserver? observer) => (_host, _observer) = (host, observer);

    /// <inheritdoc/>
    public IServiceProvider Services => _host.Services;

    /// <summary>The states of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>The commands of the resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Creates a builder.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Creates a builder.</summary>
    /// <param name="args">The command line.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new DistributedApplicationBuilder(args);
    }

    /// <summary>Creates a builder.</summary>
    /// <param name="options">The options.</param>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs the application until it is told to stop.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs the application until it is told to stop.</summary>
    /// <remarks>
    /// A failure to start that its user can mend is told on the standard error stream in a few words, without a stack
    /// trace, and makes the exit code 1.
    /// </remarks>
    /// <param name="cancellationToken">Stops it.</param>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_observer is not null)
        {
            await _observer.RunAsync(this, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using (this.ConfigureAwait(false))
        {
            try
            {
                await StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DistributedApplicationException or OptionsValidationException)
            {
                await Console.Error.WriteLineAsync(Describe(e)).ConfigureAwait(false);
                Environment.ExitCode = 1;
                return;
            }
            catch (OperationCanceledException) when (IsStopping)
            {
                return;
            }

            await _host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            if (Services.GetRequiredService<DcpHost>().IsLost)
            {
                Environment.ExitCode = 1;
            }
        }
    }

    /// <summary>Starts the application.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <summary>Stops the application and everything it started.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the application if it runs, and frees what it holds.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
        _observer?.Disposed();
        GC.SuppressFinalize(this);
    }

    private bool IsStopping => Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    private static string Describe(Exception exception) => exception is OptionsValidationException options
        ? string.Join(Environment.NewLine, ["The configuration is not valid:", .. options.Failures.Select(f => $"  - {f}")])
        : exception.Message;
}
