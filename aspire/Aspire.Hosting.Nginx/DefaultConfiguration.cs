using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx;

/// <summary>What nginx gets to read unless the application writes it. Valid on nginx 1.22 and newer.</summary>
internal static class DefaultConfiguration
{
    // Before, HTTP/2 is a parameter of "listen"; since, that is deprecated, with a warning at each start.
    private static readonly Version s_hasHttp2Directive = new(1, 25, 1);

    internal static IReadOnlyDictionary<string, string> Render(NginxConfigurationContext context)
    {
        // A line of its own for each, without a blank line where there is none.
        var accessLogFile = context.AccessLogFile is { } file ? $"\n    access_log {file} gateway buffer=64k flush=500ms;" : "";
        return new Dictionary<string, string>
        {
            ["nginx.conf"] = $$"""
                # Paths without a leading slash lie in /etc/nginx.
                worker_processes auto;
                pid nginx.pid;
                error_log stderr warn;

                events {
                    worker_connections 4096;
                }

                http {
                    default_type application/octet-stream;
                    server_tokens off;
                    client_body_temp_path client_body_temp;
                    proxy_temp_path proxy_temp;
                    fastcgi_temp_path fastcgi_temp;
                    uwsgi_temp_path uwsgi_temp;
                    scgi_temp_path scgi_temp;

                    log_format gateway '$remote_addr [$time_iso8601] "$request" $status $body_bytes_sent $request_time '
                        'from "$upstream_addr" status "$upstream_status" id $gateway_request_id';
                    access_log /dev/stdout gateway;{{accessLogFile}}

                    # The caller's own id where it is harmless, else a new one.
                    map $http_x_request_id $gateway_request_id {
                        "~^[A-Za-z0-9._-]{1,128}$" $http_x_request_id;
                        default                    $request_id;
                    }

                    # Of all protocols that a client may ask to change to, WebSocket alone.
                    map $http_upgrade $gateway_upgrade {
                        "~*^websocket$" websocket;
                        default         "";
                    }
                    map $gateway_upgrade $gateway_connection {
                        websocket upgrade;
                        default   "";
                    }

                    upstream servers {
                        # One memory of connections and failures for all workers.
                        zone servers 256k;
                        least_conn;
                {{string.Join('\n', context.Servers.Select(server => $"        server {server.Address} max_fails=3 fail_timeout=1s;"))}}
                        # Idle connections that each worker keeps, closed before Kestrel (130 s) closes them.
                        keepalive 32;
                        keepalive_timeout 60s;
                    }

                    server {
                        listen {{context.HttpPort}};{{RenderHttps(context)}}

                        proxy_http_version 1.1;
                        proxy_set_header Connection $gateway_connection;
                        proxy_set_header Upgrade $gateway_upgrade;
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Host $http_host;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header X-Request-ID $gateway_request_id;
                        proxy_connect_timeout 2s;

                        # Another server is asked for what one lost. A request that is not idempotent (POST, PATCH) and that a server
                        # has seen is not sent again.
                        proxy_next_upstream error timeout invalid_header http_502 http_503 http_504;
                        proxy_next_upstream_timeout 30s;

                        location / {
                            proxy_pass http://servers;
                        }

                        # Whether nginx serves, whatever the servers do.
                        location = {{NginxResource.HealthPath}} {
                            access_log off;
                            default_type text/plain;
                            return 200 "ok\n";
                        }
                    }{{RenderStatus(context)}}
                }

                """.ReplaceLineEndings("\n"),
        };
    }

    private static string RenderHttps(NginxConfigurationContext context)
    {
        if (context.Https is not { } https)
        {
            return "";
        }

        var hasDirective = context.NginxVersion >= s_hasHttp2Directive;
        return $"""

                    listen {https.Port} ssl{(hasDirective ? ";\n        http2 on;" : " http2;")}
                    ssl_certificate {https.Certificate};
                    ssl_certificate_key {https.CertificateKey};
                    ssl_protocols TLSv1.2 TLSv1.3;
            """;
    }

    private static string RenderStatus(NginxConfigurationContext context) =>
        context.StatusPort is not { } port
            ? ""
            : $$"""


                    server {
                        listen {{port}};
                        access_log off;

                        location = {{NginxResource.StatusPath}} {
                            stub_status;
                        }

                        location / {
                            return 404;
                        }
                    }
                """;
}
