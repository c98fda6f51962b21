namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>
/// The directives whose arguments name files. Only in these is a container path rewritten: elsewhere (<c>location /data</c>,
/// <c>try_files</c>, <c>rewrite</c>) the same characters are part of a URI.
/// </summary>
internal static class NginxFileDirectives
{
    private static readonly HashSet<string> s_names =
    [
        "access_log",
        "alias",
        "auth_basic_user_file",
        "auth_jwt_key_file",
        "client_body_temp_path",
        "error_log",
        "fastcgi_cache_path",
        "fastcgi_store",
        "fastcgi_temp_path",
        "geoip_city",
        "geoip_country",
        "geoip_org",
        "google_perftools_profiles",
        "include",
        "js_import",
        "js_path",
        "load_module",
        "lock_file",
        "perl_modules",
        "perl_require",
        "pid",
        "proxy_cache_path",
        "proxy_store",
        "proxy_temp_path",
        "root",
        "scgi_cache_path",
        "scgi_store",
        "scgi_temp_path",
        "state",
        "uwsgi_cache_path",
        "uwsgi_store",
        "uwsgi_temp_path",
        "working_directory",
        "xml_entities",
        "xslt_stylesheet",
    ];

    // The same names exist for servers, and with a prefix for each protocol to upstreams: proxy_ssl_certificate.
    private static readonly string[] s_tlsNames =
    [
        "ssl_certificate",
        "ssl_certificate_key",
        "ssl_client_certificate",
        "ssl_crl",
        "ssl_dhparam",
        "ssl_password_file",
        "ssl_session_ticket_key",
        "ssl_stapling_file",
        "ssl_trusted_certificate",
    ];

    /// <summary>Whether the directive names files.</summary>
    public static bool Contains(string directive) =>
        s_names.Contains(directive)
        || s_tlsNames.Any(name => directive == name || directive.EndsWith("_" + name, StringComparison.Ordinal));
}
