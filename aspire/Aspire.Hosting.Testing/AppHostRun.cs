using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's entry point that runs inside a test, held back at the moment it builds and instead of running.</summary>
internal sealed class AppHostRun : EntryPointObserver
{
    private readonly Assembly _assembly;
    private readonly string[] _args;
    private readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> _configure;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _building = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostRun(Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
        => (_assembly, _args, _configure) = (assembly, args, configure);

    internal static async Task<IDistributedApplicationTestingBuilder> StartAsync(
        Assembly assembly,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure,
        CancellationToken cancellationToken)
    {
        var run = new AppHostRun(assembly, args, configure);

        // A thread of its own: the entry point blocks it until the test ends.
        new Thread(run.RunEntryPoint) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" }.Start();
        return new TestingBuilder(await run._building.Task.WaitAsync(cancellationToken).ConfigureAwait(false), run);
    }

    internal override void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        // The test's arguments win over the entry point's own.
        options.Args = [.. options.Args ?? [], .. _args];
        options.AssemblyName ??= _assembly.GetName().Name;
        TestDefaults.Apply(options, settings);
        _configure(options, settings);
    }

    internal override void Created(DistributedApplicationBuilder builder) => TestDefaults.Apply(builder);

    internal override void Building(DistributedApplicationBuilder builder)
    {
        _building.TrySetResult(builder);
        if (!_mayBuild.Task.GetAwaiter().GetResult())
        {
            throw new OperationCanceledException("The test ended without building the application.");
        }
    }

    internal override void Built(DistributedApplication application)
    {
        application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(Disposed);
        _built.TrySetResult(application);
    }

    internal override Task RunAsync(DistributedApplication application, CancellationToken cancellationToken) => _ended.Task.WaitAsync(cancellationToken);

    // A test may dispose of an application that it never stopped, or never started.
    internal override void Disposed() => _ended.TrySetResult();

    internal Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult(true);
        return _built.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the entry point if the test never let it build.</summary>
    internal void Abandon() => _mayBuild.TrySetResult(false);

    private void RunEntryPoint()
    {
        Current = this;
        try
        {
            var entryPoint = _assembly.EntryPoint ?? throw new InvalidOperationException($"{_assembly.GetName().Name} has no entry point.");
            var result = entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [_args]);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException($"The entry point of {_assembly.GetName().Name} ended without building an application."));
        }
#pragma warning disable CA1031 // It is the test that learns of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e is TargetInvocationException { InnerException: { } inner } ? inner : e);
        }
    }

    private void Fail(Exception exception)
    {
        _building.TrySetException(exception);
        _built.TrySetException(exception);
    }
}
