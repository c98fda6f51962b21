namespace NeuroCred.AppHost;

/// <summary>
/// Changes the variables of the shell that would break the application, before anything reads them. Everything that is started inherits
/// the result.
/// </summary>
internal static class InheritedEnvironment
{
    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "[::1]", "::1"];

    // Each of these would have all replicas listen at the same address. ASPNETCORE_URLS is the dashboard's, and each project gets its own.
    private static readonly string[] s_addresses =
    [
        "URLS",
        "HTTP_PORTS",
        "HTTPS_PORTS",
        "DOTNET_URLS",
        "DOTNET_HTTP_PORTS",
        "DOTNET_HTTPS_PORTS",
        "ASPNETCORE_HTTP_PORTS",
        "ASPNETCORE_HTTPS_PORTS",
    ];

    /// <summary>
    /// Makes calls to this machine bypass a proxy, removes the variables that would make every program listen at one address, and turns off
    /// the watching of settings files: nobody edits them during a run, and a user may have few watches
    /// (<c>fs.inotify.max_user_instances</c>).
    /// </summary>
    internal static void Normalize()
    {
        // The runtime asks for the small name first.
        foreach (var name in (string[])["no_proxy", "NO_PROXY"])
        {
            Environment.SetEnvironmentVariable(
                name,
                AddLoopback(Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY"))
            );
        }

        foreach (var name in s_addresses)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        // The orchestrator does not start without one; the runtime asks the system for it.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
        {
            Environment.SetEnvironmentVariable(
                "HOME",
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify)
            );
        }

        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
    }

    /// <summary>What of it keeps the application from starting: a sentence each, naming the variable and the fix.</summary>
    internal static IEnumerable<string> FindErrors()
    {
        if (!CanMakeTemporaryFolder())
        {
            yield return $"TMPDIR is '{Path.GetTempPath()}', where no folder can be made: set it to a folder that exists and that "
                + "you can write to, or unset it.";
        }
    }

    private static bool CanMakeTemporaryFolder()
    {
        try
        {
            Directory.Delete(Directory.CreateTempSubdirectory().FullName);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The list of those that are called without a proxy, with the loopback addresses in it.</summary>
    internal static string AddLoopback(string? noProxy)
    {
        var given = noProxy?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return string.Join(',', given.Union(s_loopback));
    }
}
