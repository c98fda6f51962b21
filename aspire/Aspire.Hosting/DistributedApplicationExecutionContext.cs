namespace Aspire.Hosting;

/// <summary>How the application runs.</summary>
/// <param name="operation">What is being done with the model.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    private IServiceProvider? _services;

    /// <summary>What is being done with the model.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether the model is run. The local build does nothing else.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether the model is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>The application's services.</summary>
    /// <exception cref="InvalidOperationException">The application is not built yet.</exception>
    public IServiceProvider ServiceProvider
    {
        get => _services ?? throw new InvalidOperationException("The services are there once the application is built.");
        internal set => _services = value;
    }
}

/// <summary>What is being done with the model.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It is run.</summary>
    Run = 0,

    /// <summary>It is published.</summary>
    Publish = 1,
}
