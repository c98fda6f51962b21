using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.CommandLine;

/// <summary>Where the program takes the policy, and what is deployed, from.</summary>
internal static class PolicySources
{
    private static readonly string[] s_sections = [BalancingPolicy.Section, DeploymentPlanReader.Section];

    /// <summary>Takes the settings (<c>--Balancing:Key=value</c>, or the value behind a blank) out of the arguments.</summary>
    internal static (IReadOnlyList<string> Settings, IReadOnlyList<string> Others) Split(IReadOnlyList<string> args)
    {
        List<string> settings = [],
            others = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (!s_sections.Any(section => args[i].StartsWith($"--{section}:", StringComparison.OrdinalIgnoreCase)))
            {
                others.Add(args[i]);
                continue;
            }

            var hasValue = args[i].Contains('=', StringComparison.Ordinal);
            settings.Add(hasValue ? args[i] : $"{args[i]}={(i + 1 < args.Count ? args[++i] : "")}");
        }

        return (settings, others);
    }

    /// <summary>Reads both: the file, then the environment, then the arguments; the later counts.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="settings">The arguments that are settings.</param>
    /// <exception cref="OptionsValidationException">It cannot be used. Every error is named.</exception>
    internal static DeploymentPlan Read(FileInfo? file, IReadOnlyList<string> settings)
    {
        var configuration = new ConfigurationBuilder();
        AddFile(configuration, file);
        configuration.AddEnvironmentVariables().AddCommandLine([.. settings]);
        var reader = new SettingsReader(configuration.Build());
        var plan = DeploymentPlanReader.Read(reader, PolicyReader.Read(reader));
        return reader.Errors is [] ? plan : throw PolicyValidator.Invalid(reader.Errors);
    }

    private static void AddFile(ConfigurationBuilder configuration, FileInfo? file)
    {
        if (file is null)
        {
            return;
        }

        if (!file.Exists)
        {
            throw new FileNotFoundException($"--policy is '{file}', and there is no such file.");
        }

        // Read apart first: a file without the section would say nothing, and be taken for one that was read.
        IConfigurationRoot content;
        try
        {
            content = new ConfigurationBuilder().AddJsonFile(file.FullName, optional: false).Build();
        }
        catch (InvalidDataException e)
        {
            throw PolicyValidator.Invalid($"--policy is '{file}', which is no JSON: {e.InnerException?.Message ?? e.Message}");
        }

        if (!s_sections.Any(section => content.GetSection(section).Exists()))
        {
            throw PolicyValidator.Invalid(
                $"--policy is '{file}', which has no section '{BalancingPolicy.Section}' or '{DeploymentPlanReader.Section}': "
                    + $"put the settings into one, as in {{ \"{BalancingPolicy.Section}\": {{ \"Algorithm\": \"least_conn\" }} }}."
            );
        }

        configuration.AddConfiguration(content);
    }
}
