using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Builds applications for tests.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs an AppHost's entry point up to the moment it builds.</summary>
    /// <typeparam name="TEntryPoint">The AppHost, as the build names it: <c>Projects.My_AppHost</c>.</typeparam>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default) where TEntryPoint : class
        => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs an AppHost's entry point up to the moment it builds.</summary>
    /// <typeparam name="TEntryPoint">The AppHost, as the build names it: <c>Projects.My_AppHost</c>.</typeparam>
    /// <param name="args">Its command line.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
        => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Runs an AppHost's entry point up to the moment it builds.</summary>
    /// <typeparam name="TEntryPoint">The AppHost, as the build names it: <c>Projects.My_AppHost</c>.</typeparam>
    /// <param name="args">Its command line.</param>
    /// <param name="configureBuilder">Changes the options before the builder is made.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class
        => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs an AppHost's entry point up to the moment it builds.</summary>
    /// <param name="entryPoint">A type of the AppHost's assembly.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default)
        => CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>Runs an AppHost's entry point up to the moment it builds.</summary>
    /// <param name="entryPoint">A type of the AppHost's assembly.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="configureBuilder">Changes the options before the builder is made.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        return AppHostRun.StartAsync(entryPoint.Assembly, args, configureBuilder, cancellationToken);
    }

    /// <summary>Creates an empty application.</summary>
    /// <param name="args">The command line.</param>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, (_, _) => { });

    /// <summary>Creates an empty application.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configureBuilder">Changes the options before the builder is made.</param>
    public static IDistributedApplicationTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        return EmptyApplication.Create(args, configureBuilder, Assembly.GetCallingAssembly());
    }
}
