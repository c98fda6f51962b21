using System.CommandLine;
using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Balancer.CommandLine;

/// <summary>The program around the library: the commands <c>render</c>, <c>validate</c> and <c>explain</c>.</summary>
/// <param name="output">What was asked for.</param>
/// <param name="error">What went wrong.</param>
internal sealed class BalancerProgram(TextWriter output, TextWriter error)
{
    /// <summary>All is well.</summary>
    internal const int Done = 0;

    /// <summary>The policy cannot be used, or a file cannot be read or written.</summary>
    internal const int Failed = 1;

    /// <summary>The command line is not understood.</summary>
    internal const int Misused = 2;

    private const string Description = """
        The balancing policy, for every balancer.

          Everything in the policy has a default. A setting is taken from the file of --policy, from an environment variable
          (Balancing__Timeouts__Read=5s), and from the command line (--Balancing:Timeouts:Read=5s); what comes later in this list counts.
          docs/balancing.md says which there are, docs/deploying.md what to do with the result, and which settings of what is deployed
          (Deployment:Images:Api) are given in the same ways.
        """;

    private readonly Option<FileInfo?> _policy = new("--policy")
    {
        Description = "A JSON file with a section Balancing, Deployment, or both",
        HelpName = "file.json",
    };

    private readonly Option<string[]> _targets = new("--target")
    {
        Description = "Only this platform; may be given several times",
        HelpName = "name",
    };

    private readonly Option<DirectoryInfo> _out = new("--out")
    {
        Description = "The folder that gets a folder for each platform",
        HelpName = "folder",
        DefaultValueFactory = _ => new("deploy"),
    };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "As docs/deploying/settings.md has it" };

    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="args">The arguments.</param>
    /// <returns>The exit code: <see cref="Done"/>, <see cref="Failed"/> or <see cref="Misused"/>.</returns>
    internal int Run(IReadOnlyList<string> args)
    {
        var (settings, others) = PolicySources.Split(args);
        var parsed = CreateRoot(settings).Parse(others);
        if (parsed.Errors.Count == 0)
        {
            return parsed.Invoke(new() { Output = output, Error = error });
        }

        foreach (var mistake in parsed.Errors)
        {
            error.WriteLine(mistake.Message);
        }

        error.WriteLine("See --help.");
        return Misused;
    }

    private RootCommand CreateRoot(IReadOnlyList<string> settings)
    {
        _targets.AcceptOnlyFromAmong([.. DeploymentTargets.All.Select(target => target.Name)]);
        return new(Description)
        {
            Create(
                "render",
                "Writes what each platform needs, and removes what was generated before and is no more",
                settings,
                Render,
                _out,
                _targets,
                _policy
            ),
            Create("validate", "Names everything that is wrong with the policy", settings, Validate, _policy),
            Create(
                "explain",
                "Says how each platform expresses each setting, which it cannot, and what happens instead",
                settings,
                Explain,
                _targets,
                _policy,
                _markdown
            ),
        };
    }

    private Command Create(
        string name,
        string description,
        IReadOnlyList<string> settings,
        Action<ParseResult, DeploymentPlan> run,
        params IReadOnlyList<Option> options
    )
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            try
            {
                run(parsed, PolicySources.Read(parsed.GetValue(_policy), settings));
                return Done;
            }
            catch (Exception e) when (e is OptionsValidationException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine(e is OptionsValidationException invalid ? string.Join(error.NewLine, invalid.Failures) : e.Message);
                return Failed;
            }
        });
        return command;
    }

    private void Render(ParseResult parsed, DeploymentPlan plan)
    {
        var folder = new DeploymentFolder(parsed.GetValue(_out)!.ToString());
        // All of them before anything is written: one of them may refuse the plan.
        var rendered = ChosenTargets(parsed).Select(target => (target.Name, Files: target.Render(plan))).ToList();
        foreach (var line in rendered.SelectMany(target => folder.Write(target.Name, target.Files)))
        {
            output.WriteLine(line);
        }
    }

    private void Validate(ParseResult parsed, DeploymentPlan plan) => output.WriteLine("valid");

    private void Explain(ParseResult parsed, DeploymentPlan plan) =>
        output.Write(
            parsed.GetValue(_markdown)
                ? ExplanationText.Markdown(ChosenTargets(parsed), plan.Policy)
                : ExplanationText.Plain(ChosenTargets(parsed), plan.Policy)
        );

    private IReadOnlyList<IDeploymentTarget> ChosenTargets(ParseResult parsed)
    {
        var names = parsed.GetValue(_targets) ?? [];
        return [.. DeploymentTargets.All.Where(target => names is [] || names.Contains(target.Name))];
    }
}
