namespace Aspire.Hosting.Dcp;

/// <summary>The orchestrator and the dashboard, as the Aspire CLI keeps them.</summary>
/// <param name="Folder">The bundle's folder.</param>
internal sealed record AspireBundle(string Folder)
{
    /// <summary>The orchestrator.</summary>
    internal string Dcp => Path.Combine(Folder, "dcp", "dcp");

    /// <summary>The program that holds the dashboard.</summary>
    internal string Managed => Path.Combine(Folder, "managed", "aspire-managed");

    private bool IsUsable => File.Exists(Dcp) && File.Exists(Managed);

    /// <summary>Finds a bundle beside the CLI: under the home folder first, then beside each <c>aspire</c> on PATH.</summary>
    internal static AspireBundle? Find()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "aspire"))
            .Where(File.Exists)
            .Select(program => Path.GetDirectoryName(Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program)))
            .OfType<string>();
        return onPath.Prepend(Path.Combine(home, ".aspire"))
            .Select(prefix => new AspireBundle(Path.Combine(prefix, "bundle")))
            .FirstOrDefault(bundle => bundle.IsUsable);
    }
}
