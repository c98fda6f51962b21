namespace Aspire.Hosting;

/// <summary>Options of the AppHost.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The name of the AppHost's assembly. Default: the entry assembly.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Whether the dashboard stays away. Default: false.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether plain HTTP is acceptable for the dashboard. Default: false; <c>ASPIRE_ALLOW_UNSECURED_TRANSPORT</c> has the same effect.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>The application's name on the dashboard. Default: the AppHost's name without <c>.AppHost</c>.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>The AppHost's project folder. Default: where it was built.</summary>
    public string? ProjectDirectory { get; set; }
}
