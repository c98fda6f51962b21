using Microsoft.AspNetCore.Http;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Tests.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Nginx;

[StartsProcesses]
public sealed class NginxTargetTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly Version s_followsNames = new(1, 27, 3);

    [Fact]
    public void Fixed_servers_are_as_many_as_there_are_replicas_and_a_name_is_one_that_is_followed()
    {
        var policy = new BalancingPolicy
        {
            Scaling = new() { MinReplicas = 4 },
            Upstream = new() { Port = 5000 },
        };

        Assert.Equal(
            ["api-1:5000", "api-2:5000", "api-3:5000", "api-4:5000"],
            Servers(new NginxTarget().RenderFiles(policy)["fixed/conf.d/gateway.conf"], resolve: "")
        );
        Assert.Equal(["api:5000"], Servers(new NginxTarget().RenderFiles(policy)["dns/conf.d/gateway.conf"], resolve: " resolve"));
    }

    [Fact]
    public void A_clients_cookie_is_hashed_by_an_older_nginx_and_names_the_replica_where_nginx_can()
    {
        var files = new NginxTarget().RenderFiles(new BalancingPolicy { Algorithm = BalancingAlgorithm.CookieHash });

        Assert.Contains("hash $gateway_affinity consistent;", files["fixed/conf.d/gateway.conf"], StringComparison.Ordinal);
        // By a hash of their name, which is the same, all addresses would be one.
        Assert.Contains(
            "sticky cookie neurocred_affinity expires=86400s path=/ httponly samesite=lax;",
            files["dns/conf.d/gateway.conf"],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("dns/conf.d/affinity.conf", files.Keys);
        var https = new NginxTarget().RenderFiles(
            new BalancingPolicy
            {
                Algorithm = BalancingAlgorithm.CookieHash,
                Tls = new()
                {
                    Certificate = "/a",
                    CertificateKey = "/b",
                    RedirectHttp = true,
                },
            }
        );
        Assert.Contains("samesite=lax secure;", https["dns/conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_certificate_HTTPS_is_served_on_its_own_port()
    {
        var files = new NginxTarget().RenderFiles(
            new BalancingPolicy
            {
                Tls = new() { Certificate = "/etc/tls/cert.pem", CertificateKey = "/etc/tls/key.pem" },
            }
        );

        Assert.Contains("listen 443 ssl http2;", files["fixed/conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("http2 on;", files["dns/conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("ssl_certificate /etc/tls/cert.pem;", files["fixed/conf.d/tls.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_reach_all_fixed_servers_and_one_that_is_gone_costs_none()
    {
        Assert.SkipWhen(InstalledNginx.Path is null, "nginx is not installed: ./setup.sh installs it.");
        Assert.SkipUnless(
            File.Exists(NginxConfiguration.UsualJsModule),
            "nginx's module njs is not installed: ./setup.sh installs it where the distribution has it."
        );
        var replicas = await Task.WhenAll(
            Enumerable.Range(1, 3).Select(i => StubReplica.StartAsync($"api-{i}", context => context.Response.WriteAsync("served")))
        );
        using var folder = new TemporaryFolder();
        var port = LocalPort.FindFree();
        InstalledNginx.Write(
            folder.Path,
            new NginxTarget()
                .RenderFiles()
                .Where(file => file.Key.StartsWith("fixed/", StringComparison.Ordinal))
                .ToDictionary(file => file.Key["fixed/".Length..], file => Here(file.Value, port, replicas))
        );
        await using var nginx = InstalledNginx.Start(folder.Path);
        try
        {
            await Until.HoldsAsync(() => LocalPort.IsListening(port), s_deadline, () => "nginx does not listen.");
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new($"http://127.0.0.1:{port}") };

            Assert.Equal(["api-1", "api-2", "api-3"], (await CallAsync(http, 30)).Distinct().Order());
            await replicas[1].DisposeAsync();
            Assert.Equal(["api-1", "api-3"], (await CallAsync(http, 30)).Distinct().Order());
        }
        finally
        {
            await replicas[0].DisposeAsync();
            await replicas[2].DisposeAsync();
        }
    }

    [Fact]
    public async Task Nginx_accepts_the_configuration_that_follows_a_name()
    {
        Assert.SkipWhen(InstalledNginx.Path is null, "nginx is not installed: ./setup.sh installs it.");
        Assert.SkipWhen(
            await InstalledNginx.GetVersionAsync() < s_followsNames,
            $"The installed nginx is older than {s_followsNames}: the engine tests check it with a newer one."
        );
        using var folder = new TemporaryFolder();
        InstalledNginx.Write(
            folder.Path,
            new NginxTarget()
                .RenderFiles()
                .Where(file => file.Key.StartsWith("dns/", StringComparison.Ordinal))
                .ToDictionary(file => file.Key["dns/".Length..], file => file.Value)
        );

        var (code, output) = await InstalledNginx.CheckAsync(folder.Path);

        Assert.True(code == 0, output);
    }

    private static async Task<IReadOnlyList<string>> CallAsync(HttpClient http, int times)
    {
        List<string> servedBy = [];
        for (var i = 0; i < times; i++)
        {
            using var response = await http.GetAsync("/", Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            servedBy.AddRange(response.Headers.GetValues("X-Served-By"));
        }

        return servedBy;
    }

    // The names and the port are those of a deployment; here, others stand for them.
    private static string Here(string text, int port, IReadOnlyList<StubReplica> replicas) =>
        replicas
            .Index()
            .Aggregate(
                text.Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal),
                (result, replica) =>
                    result.Replace(
                        $"server api-{replica.Index + 1}:4000 ",
                        $"server 127.0.0.1:{replica.Item.Port} ",
                        StringComparison.Ordinal
                    )
            );

    private static IEnumerable<string> Servers(string gateway, string resolve) =>
        Regex
            .Matches(gateway, $@"^ +server (?<address>\S+) max_fails=\d+ fail_timeout=\w+{resolve};$", RegexOptions.Multiline)
            .Select(match => match.Groups["address"].Value);
}
