using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Dashboard;

/// <summary>Runs the dashboard, and the service it learns the resources from.</summary>
internal sealed class DashboardHost(DashboardSettings settings, DcpHost dcp)
{
    internal Task StartAsync(AspireBundle bundle, CancellationToken cancellationToken)
    {
        _ = (settings, dcp, bundle, cancellationToken);
        return Task.CompletedTask;
    }
}
