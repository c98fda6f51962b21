using System.Reflection;

namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>The copy of a container's <c>/etc/nginx</c>.</summary>
internal sealed class NginxConfigurationFolder(ContainerFolder folder, string path)
{
    private const long LargestConfiguration = 4 << 20;

    // Compiled into Debian's nginx as folders of the system, which an ordinary user may not write to.
    private static readonly string[] s_temporaryPaths =
    [
        "client_body_temp_path",
        "proxy_temp_path",
        "fastcgi_temp_path",
        "uwsgi_temp_path",
        "scgi_temp_path",
    ];

    private string MainFile => Path.Combine(path, "nginx.conf");

    /// <summary>Renders <c>templates/*.template</c> into <c>conf.d</c>, as the image's 20-envsubst-on-templates.sh does.</summary>
    public void RenderTemplates(IReadOnlyDictionary<string, string> environment)
    {
        var suffix = environment.GetValueOrDefault("NGINX_ENVSUBST_TEMPLATE_SUFFIX", ".template");
        var templates = Find(environment.GetValueOrDefault("NGINX_ENVSUBST_TEMPLATE_DIR", "/etc/nginx/templates"));
        var output = environment.GetValueOrDefault("NGINX_ENVSUBST_OUTPUT_DIR", "/etc/nginx/conf.d");
        var filter = environment.GetValueOrDefault("NGINX_ENVSUBST_FILTER", "");
        if (!Directory.Exists(templates))
        {
            return;
        }

        foreach (var template in Directory.EnumerateFiles(templates, "*" + suffix, SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(templates, template)[..^suffix.Length];
            folder.Write($"{output}/{name}", EnvironmentTemplate.Render(File.ReadAllText(template), environment, filter));
        }
    }

    /// <summary>Adds what the image brings and the container does not replace. The welcome page on port 80 only where there is nothing
    /// else.</summary>
    public void AddWhatTheImageHas()
    {
        var hasMainFile = File.Exists(MainFile);
        var conf = Path.Combine(path, "conf.d");
        ContainerFolder.Create(conf);
        if (!hasMainFile)
        {
            folder.Write("/etc/nginx/nginx.conf", Resource("nginx.conf"));
            if (!Directory.EnumerateFiles(conf, "*.conf").Any())
            {
                folder.Write("/etc/nginx/conf.d/default.conf", Resource("default.conf"));
            }
        }

        foreach (var name in (string[])["mime.types", "fastcgi_params", "fastcgi.conf", "scgi_params", "uwsgi_params"])
        {
            var installed = Path.Combine("/etc/nginx", name);
            if (!File.Exists(Path.Combine(path, name)) && (File.Exists(installed) || name == "mime.types"))
            {
                folder.Write($"/etc/nginx/{name}", File.Exists(installed) ? File.ReadAllText(installed) : Resource(name));
            }
        }

        if (Directory.Exists("/usr/lib/nginx/modules") && !Path.Exists(Path.Combine(path, "modules")))
        {
            File.CreateSymbolicLink(Path.Combine(path, "modules"), "/usr/lib/nginx/modules");
        }

        foreach (var known in (string[])["/usr/share/nginx", "/var/cache/nginx", "/var/log/nginx", "/var/run", "/run"])
        {
            ContainerFolder.Create(folder.Place(known));
            if (folder.Paths.Find(known) is null)
            {
                folder.Paths.Add(known, folder.Place(known));
            }
        }

        if (
            folder.Paths.Find("/usr/share/nginx/html") == folder.Place("/usr/share/nginx/html")
            && !Directory.Exists(folder.Place("/usr/share/nginx/html"))
        )
        {
            folder.Write("/usr/share/nginx/html/index.html", Resource("index.html"));
        }
    }

    /// <summary>Rewrites every file of the configuration.</summary>
    public void Rewrite(NginxConfigurationRewriter rewriter, ServiceUser? user)
    {
        var texts = Directory
            .EnumerateFiles(
                path,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
            )
            // A script of njs is no configuration.
            .Where(file => new FileInfo(file).Length <= LargestConfiguration && !file.EndsWith(".js", StringComparison.Ordinal))
            .ToDictionary(file => file, File.ReadAllText);
        foreach (var (file, text) in texts.Where(entry => !IsOther(entry.Value)))
        {
            var rewritten = file == MainFile ? rewriter.Rewrite(text, AtStart(text, user), InHttp(texts)) : rewriter.Rewrite(text);
            if (rewritten != text)
            {
                File.WriteAllText(file, rewritten);
            }
        }
    }

    // A certificate, or no text at all.
    private static bool IsOther(string text) => text.Contains('\0') || text.Contains("-----BEGIN ", StringComparison.Ordinal);

    private string AtStart(string text, ServiceUser? user)
    {
        var pid = NginxConfigurationReader.Read(text).Any(directive => directive is { Name: "pid", Context: "" })
            ? ""
            : $"pid {folder.Run}/nginx.pid; ";
        return (user is null ? "" : $"user {user.Name} {user.Group}; ") + pid;
    }

    private string InHttp(Dictionary<string, string> texts)
    {
        var given = (
            from entry in texts
            from directive in NginxConfigurationReader.Read(entry.Value)
            where directive.Context == (entry.Key == MainFile ? "http" : "")
            select directive.Name
        ).ToHashSet();
        var temporary = s_temporaryPaths.Where(name => !given.Contains(name)).Select(name => $" {name} {folder.Run}/{name};");
        return string.Concat(given.Contains("access_log") ? temporary : temporary.Prepend($" access_log {folder.Run}/stdout;"));
    }

    private string Find(string containerPath) => folder.Paths.Find(containerPath) ?? folder.Place(containerPath);

    private static string Resource(string name)
    {
        using StreamReader reader = new(Assembly.GetExecutingAssembly().GetManifestResourceStream($"nginx-files/{name}")!);
        return reader.ReadToEnd();
    }
}
