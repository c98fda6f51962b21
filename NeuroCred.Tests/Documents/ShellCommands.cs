namespace NeuroCred.Tests.Documents;

/// <summary>The shell commands of the pages: those that a test runs, and those that none can, each with the reason.</summary>
internal static class ShellCommands
{
    private const string RunsOn = "goes on until it is stopped; ";
    private const string Engine = "needs a container engine, and what the engine tests do is nearly the same";
    private const string Cluster = "needs a Kubernetes cluster; OverlayTests have kubectl read the files";
    private const string Account = "needs an account";
    private const string ThisRun = "builds and tests all of the repository, as this run does";

    /// <summary>How commands begin that no test runs, and why.</summary>
    public static IReadOnlyList<(string Start, string Why)> NotRun { get; } =
    [
        ("./setup.sh", "installs packages; SetupScriptTests run it on a machine that is made up"),
        ("apt-get purge", "removes packages"),
        ("sudo ", "changes the machine, or needs a container engine"),
        ("dotnet run --project NeuroCred.AppHost", RunsOn + "EndedDotnetRunTests start it in this way"),
        ("XDG_DATA_HOME=$HOME/second dotnet run --no-build", RunsOn + "EndedDotnetRunTests start it in this way"),
        ("dotnet aspire ", "AspireCliTests run it"),
        ("export APIKEY=$(dotnet aspire", "needs the aspire CLI's application; LenderTests make such a key"),
        ("dotnet run samples/lender.cs", "takes more than a minute; LenderTests run it for some seconds"),
        ("dotnet tool restore", "AspireCliTests run it"),
        ("dotnet tool exec csharpier", "CodeFormatTests have it checked"),
        ("dotnet tool exec Microsoft.OpenApi.Kiota", "NeuroCred.Tests.Client does it when it is built"),
        ("dotnet build", ThisRun),
        ("dotnet test", ThisRun),
        ("dotnet run -c Release --project NeuroCred.Benchmarks -- failover", "takes 40 minutes, of the whole machine"),
        (
            "dotnet run -c Release --project NeuroCred.Benchmarks -- linearizability",
            "takes five minutes; LinearizabilityTests do the same for 30 s"
        ),
        ("dotnet run -c Release --project NeuroCred.Benchmarks -- cost", "takes five minutes, of the whole machine"),
        ("dotnet add package", "adds a package to an application of the reader's; PackedPackagesTests does that"),
        ("prometheus ", RunsOn + "PrometheusTests start one, and MonitoringFilesTests have promtool read the file"),
        ("NEUROCRED_PICTURES=1", "writes the pictures of the pages; MonitorInTheBrowserTests run without that"),
        ("NEUROCRED_UPDATE_SNAPSHOTS=1", "writes what tests compare with"),
        ("cp -r deploy/nginx/fixed/. /etc/nginx/", "writes to /etc; NginxTargetTests do it in another folder"),
        ("nginx -p /var/lib/neurocred", "reads /etc; NginxTargetTests do it in another folder"),
        ("docker ", Engine),
        ("cd deploy/", Engine),
        ("./secrets.sh", Engine),
        ("NEUROCRED_API_IMAGE=", Engine),
        ("kubectl ", Cluster),
        ("aws ", Account + " at AWS"),
        ("terraform ", Account + " at AWS"),
        ("eval \"$(terraform ", Account + " at AWS"),
        ("cp -r deploy/railway/", "downloads with npm"),
        ("railway ", Account + " at Railway"),
    ];

    /// <summary>The commands of a block, with the lines that continue them.</summary>
    public static IEnumerable<string> In(FencedBlock block)
    {
        var command = "";
        foreach (var line in block.Text.Split('\n'))
        {
            command += command.Length == 0 ? line : $"\n{line}";
            if (!line.EndsWith('\\'))
            {
                if (command.Trim().Length > 0)
                {
                    yield return command;
                }

                command = "";
            }
        }
    }

    /// <summary>Whether no test runs a command.</summary>
    public static bool IsNotRun(string command) => NotRun.Any(listed => command.StartsWith(listed.Start, StringComparison.Ordinal));
}
