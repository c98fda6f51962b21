using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using NeuroCred.Balancer.Policy;

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
    /// <param name="configuration">The configuration's root.</param>
    /// <param name="policy">The balancing policy.</param>
    /// <param name="errors">Everything that is wrong, a sentence each, naming the key and the fix. Empty when all is well.</param>
    internal static DeploymentPlan Read(IConfiguration configuration, BalancingPolicy policy, out IReadOnlyList<string> errors)
    {
        var given = new DeploymentPlan { Policy = policy };
        var section = new PolicySection(configuration, Section, "docs/deploying.md");
        var cpu = Number(section, "Resources:CpuMillicores", given.Resources.CpuMillicores, 1, MostCpu);
        var memory = Number(section, "Resources:MemoryMebibytes", given.Resources.MemoryMebibytes, 64, MostMemory);
        var plan = new DeploymentPlan
        {
            Policy = policy,
            Images = new()
            {
                Api = Image(section, "Images:Api", given.Images.Api),
                Nginx = Image(section, "Images:Nginx", given.Images.Nginx),
                Postgres = Image(section, "Images:Postgres", given.Images.Postgres),
                Redis = Image(section, "Images:Redis", given.Images.Redis),
            },
            Resources = new()
            {
                CpuMillicores = cpu,
                CpuLimitMillicores = Number(section, "Resources:CpuLimitMillicores", given.Resources.CpuLimitMillicores, cpu, MostCpu),
                MemoryMebibytes = memory,
                MemoryLimitMebibytes =
                    Number(section, "Resources:MemoryLimitMebibytes", given.Resources.MemoryLimitMebibytes, memory, MostMemory),
            },
            PostgresPoolSize = Number(section, "PostgresPoolSize", given.PostgresPoolSize, 1, 1000),
            RenderRegion = section.Choice("RenderRegion", given.RenderRegion, s_regions.ToDictionary(name => name, StringComparer.Ordinal)),
        };
        errors = section.GetErrors();
        return plan;
    }

    /// <summary>What is wrong with resources that no instance of a platform has.</summary>
    internal static string TooLarge(ReplicaResources resources, string platform)
        => $"{Section}:Resources: a replica of {resources.CpuMillicores} thousandths of a processor and "
            + $"{resources.MemoryLimitMebibytes} MiB is more than {platform} has. Give less.";

    private static int Number(PolicySection section, string key, int @default, int least, int most)
    {
        var value = section.Number(key, @default);
        if (value < least || value > most)
        {
            section.Report(key, $"is {value}: give a number from {least} to {most}.");
        }

        return value;
    }

    // The text goes into many languages, in none of which one of these characters means anything.
    private static string Image(PolicySection section, string key, string @default)
    {
        var value = section.Text(key, @default)!;
        if (!Reference().IsMatch(value))
        {
            section.Report(
                key, $"is {Values.Show(value)}: give an image with its tag or digest, such as registry.example.org/team/{@default}.");
        }

        return value;
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9._/@:-]*\\z")]
    private static partial Regex Reference();
}
