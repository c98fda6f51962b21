namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>
/// The Gateway API's HTTPRoute, with those fields of version 1 that are used here: a custom resource, of which the client has no type.
/// https://gateway-api.sigs.k8s.io/reference/spec/#httproute
/// </summary>
public sealed class HttpRoute : CustomResource<HttpRouteSpec>;

public sealed class HttpRouteSpec
{
    public List<ParentReference> ParentRefs { get; set; } = [];

    public List<string>? Hostnames { get; set; }

    public List<HttpRouteRule> Rules { get; set; } = [];
}

public sealed class ParentReference
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? SectionName { get; set; }
}

public sealed class HttpRouteRule
{
    public List<HttpRouteMatch>? Matches { get; set; }

    public List<HttpRouteFilter>? Filters { get; set; }

    public List<BackendReference>? BackendRefs { get; set; }

    public HttpRouteTimeouts? Timeouts { get; set; }
}

public sealed class HttpRouteMatch
{
    public HttpPathMatch? Path { get; set; }
}

public sealed class HttpPathMatch
{
    public string Type { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed class HttpRouteFilter
{
    public string Type { get; set; } = "";

    public HttpRequestRedirect? RequestRedirect { get; set; }
}

public sealed class HttpRequestRedirect
{
    public string? Scheme { get; set; }

    public int? StatusCode { get; set; }
}

public sealed class BackendReference
{
    public string Name { get; set; } = "";

    public int Port { get; set; }
}

public sealed class HttpRouteTimeouts
{
    public string? Request { get; set; }
}
