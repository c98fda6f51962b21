namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>The container engine of this machine.</summary>
internal static class DockerEngine
{
    /// <summary>The service's image.</summary>
    public const string Image = "neurocred-api:1.0.0";

    /// <summary>The same program under another name: for an engine, another version.</summary>
    public const string NextImage = "neurocred-api:test-next";

    /// <summary>nginx's image.</summary>
    public const string Nginx = "nginx:1.30";

    private static readonly string[] s_images = [Image, "neurocred-monitor:1.0.0", Nginx, "postgres:18", "redis:8"];

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(4);

    /// <summary>Skips the test, with the reason, where no engine answers or it lacks the images. Asked once.</summary>
    public static async Task RequireAsync()
    {
        s_missing ??= FindMissingAsync();
        var missing = await s_missing;
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    /// <summary>Runs a command of docker's, which must succeed, and returns what it says.</summary>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync("/", new Dictionary<string, string>(), arguments);

    /// <summary>Runs a command of docker's in a folder, which must succeed, and returns what it says.</summary>
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (code, output) = await Tool.RunAsync("docker", folder, environment, arguments);
        Assert.True(code == 0, $"docker {string.Join(' ', arguments)}: {output}");
        return output.Trim();
    }

    /// <summary>Runs a command of docker's and returns what it says, a line each.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(params string[] arguments) =>
        (await RunAsync(arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Waits until a number of containers are healthy.</summary>
    /// <param name="count">How many.</param>
    /// <param name="filters">Which: docker's filters.</param>
    public static async Task WaitUntilHealthyAsync(int count, params IEnumerable<string> filters)
    {
        string[] list = ["ps", "--quiet", .. filters.Append("health=healthy").SelectMany(filter => (string[])["--filter", filter])];
        var healthy = 0;
        await Until.HoldsAsync(
            async () => (healthy = (await ListAsync(list)).Count) == count,
            s_deadline,
            () => $"{healthy} containers are healthy, and not {count} ({string.Join(' ', list)})."
        );
    }

    private static Task<string?>? s_missing;

    private static async Task<string?> FindMissingAsync()
    {
        if (Tool.Find("docker") is null)
        {
            return "There is no container engine (Debian: apt-get install docker.io docker-compose).";
        }

        var (code, output) = await Tool.RunAsync("docker", "info", "--format", "{{.ServerVersion}}");
        if (code != 0 || string.IsNullOrWhiteSpace(output))
        {
            return $"No container engine answers: {output.Trim()}";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "To kill a container's process as the kernel would, these tests must run as root.";
        }

        return await FindMissingImageAsync(s_images);
    }

    /// <summary>Says which image is missing, or null when all are there.</summary>
    public static async Task<string?> FindMissingImageAsync(params string[] images)
    {
        foreach (var image in images)
        {
            if ((await Tool.RunAsync("docker", "image", "inspect", image)).Code != 0)
            {
                return $"The engine has no image {image}: eng/images/build.sh builds it.";
            }
        }

        return null;
    }
}
