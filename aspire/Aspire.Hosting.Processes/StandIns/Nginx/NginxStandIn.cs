namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>
/// Runs the nginx image as this machine's nginx. What is given for <c>/etc/nginx</c> (files, mounts, templates) is copied to the resource's
/// folder and rewritten there (<see cref="NginxConfigurationRewriter"/>); nothing that is mounted is changed. A file that a hook of
/// <c>/docker-entrypoint.d</c> writes is used as it is. Other mounts, such as content, are used in place: when the
/// AppHost runs as root, the workers run as another user, who must be able to read them.
/// </summary>
internal sealed class NginxStandIn : IStandIn
{
    private const string ConfigurationPath = "/etc/nginx";
    private const string HooksPath = "/docker-entrypoint.d";

    public string Image => "nginx";

    public IReadOnlyList<string> FindMissing() => InstalledPrograms.FindMissing(("nginx", "nginx"));

    public async Task<ProcessLaunch> PrepareAsync(ContainerLaunch container)
    {
        ContainerFolder folder = new(container);
        NginxConfigurationFolder configuration = new(folder, folder.CopyIn(ConfigurationPath));
        configuration.RenderTemplates(container.Environment);
        configuration.AddWhatTheImageHas();
        ReplaceContainerPaths(folder.CopyIn(HooksPath), folder);

        var user = Environment.IsPrivilegedProcess ? ServiceUser.Find("nginx", "www-data", "nobody") : null;
        user?.RequireAccess(folder.Bin, "the session folder");

        NginxConfigurationRewriter rewriter = new(
            folder.Paths,
            Path.Combine(folder.Run, "stdout"),
            container.Ports,
            ListeningPorts.HasIPv6
        );
        configuration.Rewrite(rewriter, user);

        await ListeningPorts.WaitUntilFreeAsync(container).ConfigureAwait(false);

        var program = InstalledPrograms.Get("nginx");
        Dictionary<string, string> environment = new(container.Environment) { ["STANDIN_PROGRAM"] = program };
        return new Supervision(program, "QUIT", "TERM").Launch(container, folder, ["nginx", "-g", "daemon off;"], environment, folder.Root);
    }

    // Hooks are programs, so no directive tells what is a path. But these folders of the image are nothing else.
    private static void ReplaceContainerPaths(string hooks, ContainerFolder folder)
    {
        foreach (var hook in Directory.EnumerateFiles(hooks, "*.*sh"))
        {
            var mode = File.GetUnixFileMode(hook);
            var text = File.ReadAllText(hook);
            foreach (var path in (string[])[ConfigurationPath, "/usr/share/nginx/html", "/var/cache/nginx", "/var/log/nginx"])
            {
                text = text.Replace(path, folder.Paths.Find(path), StringComparison.Ordinal);
            }

            File.WriteAllText(hook, text);
            File.SetUnixFileMode(hook, mode);
        }
    }
}
