using System.Text.RegularExpressions;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Deployment;

/// <summary>Binds what is deployed from the section <see cref="Section"/> of a configuration.</summary>
internal static partial class DeploymentPlanReader
{
    /// <summary>The section.</summary>
    internal const string Section = "Deployment";

    private const int MostCpu = 64_000;
    private const int MostMemory = 262_144;

    // https://render.com/docs/regions
    private static readonly string[] s_regions = ["oregon", "ohio", "virginia", "frankfurt", "singapore"];

    /// <summary>Reads the plan.</summary>
    /// <param name="settings">The settings, which get the errors.</param>
    /// <param name="policy">The balancing policy.</param>
    internal static DeploymentPlan Read(SettingsReader settings, BalancingPolicy policy)
    {
        var given = new DeploymentPlan { Policy = policy };
        var cpu = Number(settings, "Resources:CpuMillicores", given.Resources.CpuMillicores, 1, MostCpu);
        var memory = Number(settings, "Resources:MemoryMebibytes", given.Resources.MemoryMebibytes, 64, MostMemory);
        var plan = new DeploymentPlan
        {
            Policy = policy,
            Images = new()
            {
                Api = Image(settings, "Images:Api", given.Images.Api),
                Monitor = Image(settings, "Images:Monitor", given.Images.Monitor),
                Nginx = Image(settings, "Images:Nginx", given.Images.Nginx),
                Postgres = Image(settings, "Images:Postgres", given.Images.Postgres),
                CloudNativePg = Image(settings, "Images:CloudNativePg", given.Images.CloudNativePg),
                Redis = Image(settings, "Images:Redis", given.Images.Redis),
            },
            Resources = new()
            {
                CpuMillicores = cpu,
                CpuLimitMillicores = Number(settings, "Resources:CpuLimitMillicores", given.Resources.CpuLimitMillicores, cpu, MostCpu),
                MemoryMebibytes = memory,
                MemoryLimitMebibytes = Number(
                    settings,
                    "Resources:MemoryLimitMebibytes",
                    given.Resources.MemoryLimitMebibytes,
                    memory,
                    MostMemory
                ),
            },
            PostgresPoolSize = Number(settings, "PostgresPoolSize", given.PostgresPoolSize, 1, 1000),
            AwsRegion = Region(settings, "AwsRegion", "eu-central-1"),
            RailwayRegion = Region(settings, "RailwayRegion", "europe-west4-drams3a"),
            RenderRegion = settings.Read<string>(
                Key("RenderRegion"),
                given.RenderRegion,
                $"one of {string.Join(", ", s_regions)}",
                (text, out value) => s_regions.Contains(value = text)
            ),
        };
        settings.ReportUnknown(Section, "docs/deploying.md");
        return plan;
    }

    /// <summary>What is wrong with resources that no instance of a platform has.</summary>
    internal static string TooLarge(ReplicaResources resources, string platform) =>
        $"{Section}:Resources: a replica of {resources.CpuMillicores} thousandths of a processor and "
        + $"{resources.MemoryLimitMebibytes} MiB is more than {platform} has. Give less.";

    private static int Number(SettingsReader settings, string key, int byDefault, int least, int most)
    {
        var number = settings.Number(Key(key), byDefault, least, most, "a number");
        if (number < least && settings.Text(Key(key)) is null)
        {
            // A limit's default may be less than what is asked for.
            settings.Report(Key(key), $"is {number}: give a number, {least} to {most}.");
        }

        return number;
    }

    // The text goes into many languages, in none of which one of these characters means anything.
    private static string Image(SettingsReader settings, string key, string byDefault) =>
        settings.Read<string>(
            Key(key),
            byDefault,
            $"an image with its tag or digest, such as registry.example.org/team/{byDefault}",
            (text, out value) => Reference().IsMatch(value = text)
        );

    // Those of AWS and Railway change too often for a list of them.
    private static string Region(SettingsReader settings, string key, string example) =>
        settings.Read<string>(Key(key), "", $"a region, such as {example}", (text, out value) => RegionName().IsMatch(value = text));

    private static string Key(string key) => $"{Section}:{key}";

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9._/@:-]*\\z")]
    private static partial Regex Reference();

    [GeneratedRegex("^[a-z0-9-]+\\z")]
    private static partial Regex RegionName();
}
