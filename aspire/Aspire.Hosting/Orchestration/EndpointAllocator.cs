using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives every endpoint its address before anything starts, so that references never wait for a process.</summary>
internal sealed partial class EndpointAllocator(FreePorts freePorts)
{
    // A previous run that was killed needs up to 6 s to end its processes.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Allocates the endpoints of a resource.</summary>
    /// <exception cref="DistributedApplicationException">An endpoint contradicts itself.</exception>
    internal void Allocate(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.Snapshot().OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is null))
        {
            var (port, listenPort) = ChoosePorts(resource, endpoint);
            var targetPort = resource is ContainerResource && endpoint.TargetPort is { } inContainer ? inContainer : listenPort;
            endpoint.AllocatedEndpoint = new(endpoint, endpoint.TargetHost is "*" or "+" or "0.0.0.0" or "::" ? KnownHostNames.Localhost : endpoint.TargetHost, port, targetPort.ToString(CultureInfo.InvariantCulture));
            resource.Annotations.Add(new ListenAnnotation(endpoint, listenPort));
        }
    }

    /// <summary>Makes sure that the ports the model names are free, waiting a little for a previous run to let go of them.</summary>
    /// <exception cref="DistributedApplicationException">Some are not.</exception>
    /// <param name="resources">The resources.</param>
    /// <param name="logger">Where it is said that, and for what, is being waited.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static Task WaitForPortsAsync(IEnumerable<IResource> resources, ILogger logger, CancellationToken cancellationToken)
        => WaitForPortsAsync(resources, s_patience, logger, cancellationToken);

    internal static async Task WaitForPortsAsync(IEnumerable<IResource> resources, TimeSpan patience, ILogger logger, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        var wanted = resources.SelectMany(r => r.Annotations.Snapshot().OfType<ListenAnnotation>().SelectMany(
            l => new[] { l.Endpoint.AllocatedEndpoint!.Port, l.Port }.Distinct().Select(port => (Resource: r, l.Endpoint, Port: port)))).ToList();
        var shared = wanted.GroupBy(w => (w.Port, w.Endpoint.TargetHost)).FirstOrDefault(g => g.Count() > 1);
        if (shared is not null)
        {
            throw new DistributedApplicationException(
                $"Port {shared.Key.Port} is given to {string.Join(" and ", shared.Select(w => $"'{w.Resource.Name}'"))}: give each its own.");
        }

        for (var isFirstLook = true; ; isFirstLook = false)
        {
            wanted.RemoveAll(w => FreePorts.IsFree(w.Port));
            if (wanted.Count == 0)
            {
                return;
            }

            if (isFirstLook)
            {
                WaitingForPorts(logger, string.Join(", ", wanted.Select(w => w.Port)), patience.TotalSeconds);
            }

            if (waited.Elapsed > patience)
            {
                throw new DistributedApplicationException(string.Join(Environment.NewLine, wanted.Select(w =>
                    $"Port {w.Port}, for the endpoint '{w.Endpoint.Name}' of '{w.Resource.Name}', is in use by another program: stop that one, or configure another port.")));
            }

            await Task.Delay(100, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(LogLevel.Warning, "In use by another program: port {Ports}. Waiting up to {Seconds} s, for a previous run may be about to end.")]
    private static partial void WaitingForPorts(ILogger logger, string ports, double seconds);

    private (int Port, int ListenPort) ChoosePorts(IResource resource, EndpointAnnotation endpoint)
    {
        var port = endpoint.Port is > 0 ? endpoint.Port : null;
        var targetPort = endpoint.TargetPort is > 0 ? endpoint.TargetPort : null;
        switch (resource)
        {
            // The stand-in obeys, so what a container runtime would publish is listened on directly.
            case ContainerResource container when container.FindStandIn() is { ListensOnTargetPort: false }:
                var published = port ?? freePorts.Next();
                return (published, published);

            case ContainerResource when port == targetPort || !endpoint.IsProxied:
                var listened = targetPort ?? port ?? freePorts.Next();
                return (listened, listened);

            case not ContainerResource when !endpoint.IsProxied:
                if (port is not null && targetPort is not null && port != targetPort)
                {
                    throw new DistributedApplicationException(
                        $"The endpoint '{endpoint.Name}' of '{resource.Name}' is not proxied, so port ({port}) and target port ({targetPort}) must be the same: leave one out.");
                }

                var own = port ?? targetPort ?? freePorts.Next();
                return (own, own);
        }

        if (port is not null && port == targetPort)
        {
            throw new DistributedApplicationException(
                $"The endpoint '{endpoint.Name}' of '{resource.Name}' is proxied, so port and target port (both {port}) must differ: leave one out, or set isProxied to false.");
        }

        return (port ?? freePorts.Next(), targetPort ?? freePorts.Next());
    }
}

/// <summary>The port that the process behind an endpoint listens on.</summary>
internal sealed record ListenAnnotation(EndpointAnnotation Endpoint, int Port) : IResourceAnnotation
{
    /// <summary>Whether DCP's proxy stands between the callers and the process.</summary>
    internal bool NeedsProxy => Endpoint.AllocatedEndpoint!.Port != Port;

    /// <summary>The name of DCP's proxy.</summary>
    internal string GetServiceName(IResource resource) => $"{resource.GetId()}-{Endpoint.Name}";

    internal string ListenAddress => Endpoint.TargetHost switch
    {
        KnownHostNames.Localhost => "127.0.0.1",
        "*" or "+" => "0.0.0.0",
        var address => address,
    };
}
