namespace Aspire.Hosting;
/// <summary>x</summary>
public static class NginxTmp
{
    /// <summary>x</summary>
    public static ApplicationModel.IResourceBuilder<ApplicationModel.ContainerResource> AddNginx(this IDistributedApplicationBuilder b, string name, int? port)
        => b.AddContainer(name, "library/nginx", "1.30").WithHttpEndpoint(port, port, isProxied: false);
    /// <summary>x</summary>
    public static ApplicationModel.IResourceBuilder<ApplicationModel.ContainerResource> WithLoadBalancing(this ApplicationModel.IResourceBuilder<ApplicationModel.ContainerResource> b, IEnumerable<ApplicationModel.EndpointReference> servers)
        => b.WithContainerFiles("/etc/nginx/conf.d", async (_, ct) =>
        {
            var s = "";
            foreach (var e in servers) { s += $"server 127.0.0.1:{await e.Property(ApplicationModel.EndpointProperty.Port).GetValueAsync(ct).ConfigureAwait(false)} max_fails=1 fail_timeout=1s;\n"; }
            var port = await b.GetEndpoint("http").Property(ApplicationModel.EndpointProperty.TargetPort).GetValueAsync(ct).ConfigureAwait(false);
            return [new ApplicationModel.ContainerFile { Name = "default.conf", Contents = $"upstream api {{ zone api 64k; least_conn; {s} keepalive 32; }}\nserver {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_next_upstream error timeout http_503 non_idempotent; }} }}" }];
        });
}
