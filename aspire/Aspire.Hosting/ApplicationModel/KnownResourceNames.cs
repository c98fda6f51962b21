namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states a resource goes through.</summary>
public static class KnownResourceStates
{
    /// <summary>Not shown.</summary>
    internal static readonly string Hidden = nameof(Hidden);

    /// <summary>Waits for someone to start it.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>Waits for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Is being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Is being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Was stopped.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>Ended by itself.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>Lacks a value it needs.</summary>
    public static readonly string ValueMissing = "Value missing";

    /// <summary>The states in which a resource does not run and will not by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>How a state is shown.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>As good.</summary>
    public static readonly string Success = "success";

    /// <summary>As bad.</summary>
    public static readonly string Error = "error";

    /// <summary>As neither.</summary>
    public static readonly string Info = "info";

    /// <summary>As dubious.</summary>
    public static readonly string Warn = "warning";
}

/// <summary>The commands every resource with a lifetime has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops it.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops and starts it.</summary>
    public static readonly string RestartCommand = "restart";
}

/// <summary>Names of properties in a snapshot, as the dashboard knows them.</summary>
internal static class KnownProperties
{
    internal const string Source = "resource.source";
    internal const string ExitCode = "resource.exitCode";
    internal const string ConnectionString = "resource.connectionString";
    internal const string ParentName = "resource.parentName";
    internal const string ExecutablePath = "executable.path";
    internal const string ExecutablePid = "executable.pid";
    internal const string ExecutableWorkDir = "executable.workDir";
    internal const string ExecutableArgs = "executable.args";
    internal const string ProjectPath = "project.path";
    internal const string ContainerImage = "container.image";
    internal const string ContainerPorts = "container.ports";
    internal const string ParameterValue = "Value";
}
