namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program of this machine.</summary>
/// <param name="name">Its name.</param>
/// <param name="command">The program: a path, or a name found on PATH.</param>
/// <param name="workingDirectory">Its working directory.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program: a path, or a name found on PATH.</summary>
    public string Command { get; } = command;

    /// <summary>Its working directory.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}
