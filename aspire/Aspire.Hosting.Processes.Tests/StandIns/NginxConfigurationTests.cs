using Aspire.Hosting.Processes.StandIns;
using Aspire.Hosting.Processes.StandIns.Nginx;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>What is changed in a configuration that was written for the image, and what is not.</summary>
public sealed class NginxConfigurationTests
{
    private static readonly ContainerPort[] s_ports =
    [
        new(80, 8080, "127.0.0.1"),
        new(8443, 8443, "127.0.0.1"),
        new(8443, 8443, "172.17.0.1"),
    ];

    [Theory]
    [InlineData("root /usr/share/nginx/html;", "root /s/html;")]
    [InlineData("alias '/usr/share/nginx/html/a b';", "alias \"/s/html/a b\";")]
    [InlineData("proxy_cache_path /var/cache/nginx/c levels=1:2 keys_zone=c:1m;", "proxy_cache_path /s/cache/c levels=1:2 keys_zone=c:1m;")]
    [InlineData("proxy_ssl_trusted_certificate /etc/nginx/ca.pem;", "proxy_ssl_trusted_certificate /s/etc/ca.pem;")]
    [InlineData("access_log /var/log/nginx/access.log main buffer=4k;", "access_log /s/stdout main buffer=4k;")]
    [InlineData("access_log /dev/stdout;", "access_log /s/stdout;")]
    [InlineData("access_log off;", "access_log off;")]
    [InlineData("error_log /var/log/nginx/error.log warn;", "error_log stderr warn;")]
    [InlineData(
        "access_log syslog:server=unix:/run/log.sock,tag=gateway main;",
        "access_log syslog:server=unix:/s/run/log.sock,tag=gateway main;"
    )]
    [InlineData("proxy_pass http://unix:/run/app.sock:/path;", "proxy_pass http://unix:/s/run/app.sock:/path;")]
    [InlineData("include conf.d/*.conf;", "include conf.d/*.conf;")]
    [InlineData("ssl_certificate /etc/ssl/machine.pem;", "ssl_certificate /etc/ssl/machine.pem;")]
    [InlineData("location /etc/nginx { return 200 /etc/nginx; }", "location /etc/nginx { return 200 /etc/nginx; }")]
    [InlineData("try_files /etc/nginx/x =404;", "try_files /etc/nginx/x =404;")]
    [InlineData("# root /usr/share/nginx/html;", "# root /usr/share/nginx/html;")]
    [InlineData("set $a \"root /usr/share/nginx/html;\";", "set $a \"root /usr/share/nginx/html;\";")]
    [InlineData("user nginx;\ndaemon off;\nevents { }", "\n\nevents { }")]
    public void Paths_in_directives_that_name_files_are_mapped(string text, string expected) =>
        Assert.Equal(expected, Rewriter().Rewrite(text));

    [Theory]
    [InlineData("listen 80;", "listen 127.0.0.1:8080;")]
    [InlineData("listen 80 default_server reuseport;", "listen 127.0.0.1:8080 default_server reuseport;")]
    [InlineData("listen *:80;", "listen 127.0.0.1:8080;")]
    [InlineData("listen 0.0.0.0:80;", "listen 127.0.0.1:8080;")]
    [InlineData("listen [::]:80;", "listen [::1]:8080;")]
    [InlineData("listen [::]:80 ipv6only=off;", "listen 127.0.0.1:8080;")]
    [InlineData("listen\n  8443\n  ssl;", "listen 127.0.0.1:8443 ssl; listen 172.17.0.1:8443 ssl;\n\n")]
    [InlineData("listen 127.0.0.1:80;", "listen 127.0.0.1:80;")]
    [InlineData("listen 9999;", "listen 9999;")]
    [InlineData("listen unix:/run/x.sock;", "listen unix:/s/run/x.sock;")]
    public void A_published_port_is_listened_on_at_the_published_addresses_only(string text, string expected) =>
        Assert.Equal(expected, Rewriter().Rewrite(text));

    [Fact]
    public void Without_IPv6_a_listener_for_it_goes() =>
        Assert.Equal("server {  }", Rewriter(hasIPv6: false).Rewrite("server { listen [::]:80; }"));

    [Fact]
    public void What_is_added_changes_no_line_number() =>
        Assert.Equal("pid x; events { }\nhttp { a b;\n}\n", Rewriter().Rewrite("events { }\nhttp {\n}\n", "pid x; ", " a b;"));

    [Fact]
    public void Blocks_quotes_comments_and_braced_variables_are_read_as_nginx_reads_them()
    {
        const string Text = """
            http { # a comment; with { braces }
                log_format json escape=json '{"a":"$a;"}';
                map $x $y { default "}"; "~^/a{2}" 'b'; }
                server { return 200 ${a}b\;c; }
            }
            stream { }
            """;
        Assert.Equal(
            [
                " http",
                "http log_format json escape=json {\"a\":\"$a;\"}",
                "http map $x $y",
                "http/map default }",
                "http/map ~^/a{2} b",
                "http server",
                "http/server return 200 ${a}b\\;c",
                " stream",
            ],
            NginxConfigurationReader
                .Read(Text)
                .Select(directive =>
                    string.Join(' ', [directive.Context, directive.Name, .. directive.Arguments.Select(argument => argument.Value)])
                )
        );
    }

    private static NginxConfigurationRewriter Rewriter(bool hasIPv6 = true)
    {
        ContainerPaths paths = new();
        paths.Add("/etc/nginx", "/s/etc");
        paths.Add("/usr/share/nginx/html", "/s/html");
        paths.Add("/var/cache/nginx", "/s/cache");
        paths.Add("/var/log/nginx", "/s/log");
        paths.Add("/run", "/s/run");
        return new NginxConfigurationRewriter(paths, "/s/stdout", s_ports, hasIPv6);
    }
}
