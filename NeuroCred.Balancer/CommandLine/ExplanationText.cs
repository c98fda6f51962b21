using System.Text;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.CommandLine;

/// <summary>Writes down how platforms express the settings.</summary>
internal static class ExplanationText
{
    /// <summary>For a terminal: a block per platform, a line per setting.</summary>
    internal static string Plain(IReadOnlyList<IDeploymentTarget> targets, BalancingPolicy policy)
    {
        var width = PolicyKeys.All.Max(key => key.Length);
        var text = new StringBuilder();
        foreach (var target in targets)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(target.Title).Append('\n');
            foreach (var (key, support, expression) in target.Explain(policy))
            {
                text.Append("  ")
                    .Append(key.PadRight(width))
                    .Append("  ")
                    .Append(Word(support).PadRight(7))
                    .Append(expression)
                    .Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>For docs/deploying/settings.md: a table of all platforms, then one for each.</summary>
    internal static string Markdown(IReadOnlyList<IDeploymentTarget> targets, BalancingPolicy policy)
    {
        var explanations = targets.Select(target => target.Explain(policy).ToDictionary(e => e.Key, StringComparer.Ordinal)).ToList();
        var text = new StringBuilder();
        AppendRow(text, ["setting (below `Balancing:`)", .. targets.Select(target => target.Title)]);
        AppendRow(text, ["---", .. targets.Select(_ => "---")]);
        foreach (var key in PolicyKeys.All)
        {
            AppendRow(text, [$"`{key}`", .. explanations.Select(of => Word(of[key].Support))]);
        }

        foreach (var (target, of) in targets.Zip(explanations))
        {
            text.Append("\n## ").Append(target.Title).Append(": every setting\n\n");
            AppendRow(text, ["setting", "", "how, or what happens instead"]);
            AppendRow(text, ["---", "---", "---"]);
            foreach (var key in PolicyKeys.All)
            {
                AppendRow(text, [$"`{key}`", Word(of[key].Support), of[key].Expression]);
            }
        }

        return text.ToString();
    }

    private static string Word(SettingSupport support) =>
        support switch
        {
            SettingSupport.Full => "yes",
            SettingSupport.Approximate => "nearly",
            SettingSupport.NotApplicable => "n/a",
            _ => "no",
        };

    // A bar would end the cell, in code too.
    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
