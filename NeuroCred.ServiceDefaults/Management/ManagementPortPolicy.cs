using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace NeuroCred.ServiceDefaults.Management;

/// <summary>
/// Leaves the endpoints of management out of the routes of every port but one. It decides by the port of the connection, since a client may
/// write what it likes into the header Host, and spell a path in many ways.
/// </summary>
internal sealed class ManagementPortPolicy(int port) : MatcherPolicy, INodeBuilderPolicy
{
    /// <summary>The metadata of an endpoint of management.</summary>
    public static readonly object Mark = new Marked();

    // Before the policy for methods: that answers 405, which tells that there is something.
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsMarked);

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints)
    {
        List<Endpoint> elsewhere = [.. endpoints.Where(endpoint => !IsMarked(endpoint))];
        return elsewhere.Count == 0 ? [new(true, endpoints)] : [new(true, endpoints), new(false, elsewhere)];
    }

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        return new Ports(port, Destination(true), Destination(false));

        int Destination(bool isManagement) =>
            edges.Where(edge => edge.State.Equals(isManagement)).Select(edge => edge.Destination).FirstOrDefault(exitDestination);
    }

    private static bool IsMarked(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Marked>() is not null;

    private sealed class Marked;

    private sealed class Ports(int port, int management, int elsewhere) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) => httpContext.Connection.LocalPort == port ? management : elsewhere;
    }
}
