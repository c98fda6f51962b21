using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>The nginx image, run as a process.</summary>
public sealed class NginxStandInTests : IDisposable
{
    private readonly TestContainer _nginx = new("nginx", 8080);
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

    public void Dispose()
    {
        _client.Dispose();
        _nginx.Dispose();
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task A_template_of_the_container_becomes_a_server_on_the_published_address()
    {
        _nginx.Launch = _nginx.Launch with { Environment = new Dictionary<string, string> { ["GREETING"] = "hello" } };
        _nginx.AddFile(
            "/etc/nginx/templates/gateway.conf.template",
            "server { listen 8080; listen [::]:8080; location / { return 200 '${GREETING} from $host'; } }"
        );
        await using var running = await _nginx.StartAsync();
        Assert.Equal("hello from 127.0.0.1", await GetAsync("/"));
        Assert.Equal(0, await running.StopAsync());
        Assert.Contains("GET / HTTP/1.1", running.Output, StringComparison.Ordinal);
        await _nginx.NothingIsLeftAsync();
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task A_script_of_the_module_njs_is_found_beside_the_configuration_and_stays_as_it_is()
    {
        const string module = "/usr/lib/nginx/modules/ngx_http_js_module.so";
        Assert.SkipUnless(File.Exists(module), "nginx's module njs is not installed (Debian: libnginx-mod-http-js).");
        _nginx.AddFile(
            "/etc/nginx/nginx.conf",
            $"load_module {module}; events {{ }} http {{ js_import hello from conf.d/hello.js; server {{ listen 8080; "
                + $"location / {{ js_content hello.say; }} }} }}"
        );
        // In a configuration, each of the first two lines would be changed.
        _nginx.AddFile(
            "/etc/nginx/conf.d/hello.js",
            """
            let
            listen = 'unix:/etc/nginx'; var include
            include = '/etc/nginx/x';
            function say(r) { r.return(200, listen + ' ' + include); }
            export default { say };

            """
        );
        await using var running = await _nginx.StartAsync();
        Assert.Equal("unix:/etc/nginx /etc/nginx/x", await GetAsync("/"));
    }

    [Fact]
    public async Task A_server_is_on_both_loopback_addresses_where_both_are_published()
    {
        Assert.SkipUnless(ListeningPorts.HasIPv6, "This machine has no IPv6.");
        Serve("listen [::]:8080; location / { return 200 'hello'; }");
        _nginx.Launch = _nginx.Launch with { Ports = [.. _nginx.Launch.Ports, _nginx.Launch.Ports[0] with { ListenAddress = "::1" }] };
        await using var running = await _nginx.StartAsync();
        Assert.Equal("hello", await GetAsync("/"));
        Assert.Equal("hello", await _client.GetStringAsync($"http://[::1]:{_nginx.Port}/", TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task An_access_log_goes_to_a_file_in_a_mounted_folder_as_well()
    {
        var logs = Directory.CreateDirectory(_nginx.Mount("logs", "/var/log/gateway")).FullName;
        _nginx.AddFile(
            "/etc/nginx/conf.d/gateway.conf",
            "access_log /dev/stdout; access_log /var/log/gateway/access.log combined buffer=64k flush=500ms; server { listen "
                + "8080; location / { return 204; } }"
        );
        await using var running = await _nginx.StartAsync();
        await GetAsync("/logged");
        Assert.Equal(0, await running.StopAsync());
        Assert.Contains("GET /logged HTTP/1.1", running.Output, StringComparison.Ordinal);
        Assert.Contains(
            "GET /logged HTTP/1.1",
            await File.ReadAllTextAsync(Path.Combine(logs, "access.log"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task A_whole_configuration_with_container_paths_and_mounts_runs_and_its_mounts_stay_as_they_are()
    {
        var conf = Directory.CreateDirectory(_nginx.Mount("conf.d", "/etc/nginx/conf.d")).FullName;
        var html = Directory.CreateDirectory(_nginx.Mount("html", "/usr/share/nginx/html")).FullName;
        const string Server =
            "server {\n  listen 8080;\n  access_log /var/log/nginx/access.log short;\n  root /usr/share/nginx/html;\n  proxy_cache "
            + "cache;\n}\n";
        await File.WriteAllTextAsync(Path.Combine(conf, "site.conf"), Server, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(html, "index.html"), "mounted", TestContext.Current.CancellationToken);
        _nginx.Launch = _nginx.Launch with { Arguments = ["nginx", "-g", "daemon off;"] };
        _nginx.AddFile(
            "/etc/nginx/nginx.conf",
            """
            user nginx;
            daemon off;
            pid /var/run/nginx.pid;
            error_log /var/log/nginx/error.log warn;
            events { }
            http {
                include /etc/nginx/mime.types;
                log_format short escape=json '{"status":"$status"}';
                proxy_cache_path /var/cache/nginx/cache keys_zone=cache:1m;
                include conf.d/*.conf;
            }
            """
        );
        await using var running = await _nginx.StartAsync();
        Assert.Equal("mounted", await GetAsync("/"));
        Assert.Equal(0, await running.StopAsync());
        Assert.Contains("{\"status\":\"200\"}", running.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn", running.Output, StringComparison.Ordinal);
        Assert.Equal(Server, await File.ReadAllTextAsync(Path.Combine(conf, "site.conf"), TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task Request_bodies_larger_than_a_buffer_are_stored_where_the_workers_may_write()
    {
        using var backend = StartBackend(out var port);
        var length = AnswerLengthAsync(backend);
        Serve($"location / {{ client_max_body_size 8m; proxy_pass http://127.0.0.1:{port}; }} location = /up {{ return 200 up; }}");
        await using var running = await _nginx.StartAsync();
        // An answer, and not a listener: nginx -t, which comes first, opens the port for a moment too.
        Assert.Equal("up", await GetAsync("/up"));

        using var answer = await _client.PostAsync(
            Url("/"),
            new ByteArrayContent(new byte[4 << 20]),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(4 << 20, await length);
    }

    [Fact]
    public async Task A_bad_configuration_names_file_and_line_and_ends_with_an_error()
    {
        _nginx.AddFile("/etc/nginx/conf.d/gateway.conf", "server {\n  listen 8080;\n  no_such_directive on;\n}\n");
        await using var running = await _nginx.StartAsync();
        Assert.Equal(1, await running.WaitForExitAsync());
        Assert.Contains("unknown directive \"no_such_directive\"", running.Output, StringComparison.Ordinal);
        Assert.Contains("etc/nginx/conf.d/gateway.conf:3", running.Output, StringComparison.Ordinal);
        await _nginx.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Hooks_run_before_nginx()
    {
        Serve("root /usr/share/nginx/html;");
        _nginx.Launch = _nginx.Launch with { Environment = new Dictionary<string, string> { ["NAME"] = "a hook" } };
        _nginx.AddFile(
            "/docker-entrypoint.d/50-page.sh",
            "#!/bin/sh\necho \"made by $NAME\" >/usr/share/nginx/html/index.html\n",
            (UnixFileMode)0b111_101_101
        );
        await using var running = await _nginx.StartAsync();
        Assert.Equal("made by a hook\n", await GetAsync("/"));
    }

    [Fact]
    public async Task Without_any_configuration_it_welcomes()
    {
        _nginx.Launch = _nginx.Launch with { Ports = [new ContainerPort(80, _nginx.Port, "127.0.0.1")] };
        await using var running = await _nginx.StartAsync();
        Assert.Contains("nginx is running", await GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_in_flight_is_finished_before_the_end()
    {
        using var backend = StartBackend(out var port);
        Serve($"location / {{ proxy_pass http://127.0.0.1:{port}; }} location = /up {{ return 200 up; }}");
        await using var running = await _nginx.StartAsync();
        Assert.Equal("up", await GetAsync("/up"));

        var request = _client.GetStringAsync(Url("/"), TestContext.Current.CancellationToken);
        var context = await backend.GetContextAsync().WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Running.Signals.Send(running.Id, "TERM");
        await Eventually.HoldsAsync(() => !LoopbackPort.IsTaken(_nginx.Port), "Closing the port");
        context.Response.Close("finished"u8.ToArray(), willBlock: true);

        Assert.Equal("finished", await request);
        Assert.Equal(0, await running.WaitForExitAsync());
    }

    [Fact]
    public async Task A_connection_that_never_ends_delays_the_end_by_less_than_six_seconds()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Serve($"location / {{ proxy_pass http://{silent.LocalEndpoint}; }} location = /up {{ return 200 up; }}");
        await using var running = await _nginx.StartAsync();
        Assert.Equal("up", await GetAsync("/up"));

        var request = _client.GetStringAsync(Url("/"), TestContext.Current.CancellationToken);
        using var held = await silent
            .AcceptTcpClientAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        var began = Stopwatch.GetTimestamp();
        await running.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20)); // on a busy machine
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        await _nginx.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Nothing_outlives_a_supervisor_that_is_killed()
    {
        Serve("return 204;");
        await using var running = await _nginx.StartAsync();
        await GetAsync("/");
        Running.Signals.Send(running.Id, "KILL");
        await _nginx.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Nothing_outlives_supervisor_and_master_when_both_are_killed()
    {
        Serve("return 204;");
        await using var running = await _nginx.StartAsync();
        await GetAsync("/");
        var master = running.Service;
        Running.Signals.Send(running.Id, "KILL");
        Running.Signals.Send(master, "KILL");
        await _nginx.NothingIsLeftAsync();
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task A_killed_master_leaves_no_worker_and_can_be_started_again_at_once()
    {
        Serve("return 204;");
        await using var running = await _nginx.StartAsync();
        await GetAsync("/");
        Running.Signals.Send(running.Service, "KILL");
        Assert.Equal(137, await running.WaitForExitAsync());

        await using var again = await _nginx.StartAsync();
        await GetAsync("/");
    }

    private void Serve(string directives) => _nginx.AddFile("/etc/nginx/conf.d/gateway.conf", $"server {{ listen 8080; {directives} }}");

    private string Url(string path) => $"http://127.0.0.1:{_nginx.Port}{path}";

    private async Task<string> GetAsync(string path)
    {
        var answer = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await _client.GetStringAsync(Url(path), TestContext.Current.CancellationToken);
                    return true;
                }
                catch (HttpRequestException exception) when (exception.StatusCode is null)
                {
                    return false;
                }
            },
            "nginx answering"
        );
        return answer;
    }

    private static HttpListener StartBackend(out int port)
    {
        port = LoopbackPort.Free();
        HttpListener backend = new() { Prefixes = { $"http://127.0.0.1:{port}/" } };
        backend.Start();
        return backend;
    }

    private static async Task<long> AnswerLengthAsync(HttpListener backend)
    {
        var context = await backend.GetContextAsync();
        using MemoryStream body = new();
        await context.Request.InputStream.CopyToAsync(body);
        context.Response.Close(Encoding.UTF8.GetBytes("ok"), willBlock: true);
        return body.Length;
    }
}
