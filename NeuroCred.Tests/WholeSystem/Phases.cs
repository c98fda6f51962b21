namespace NeuroCred.Tests.WholeSystem;

/// <summary>What clients noticed before, during and after a fault.</summary>
internal static class Phases
{
    /// <summary>Writes a line for each phase, which lasts until the next one begins.</summary>
    public static void Report(ITestOutputHelper output, IReadOnlyList<Outcome> outcomes, params (string Name, long From)[] phases)
    {
        foreach (var (i, (name, from)) in phases.Index())
        {
            var to = i + 1 < phases.Length ? phases[i + 1].From : long.MaxValue;
            Outcome[] some = [.. outcomes.Where(o => o.Due >= from && o.Due < to)];
            var failures = some.Where(o => o.Failed).CountBy(o => $"{o.Item.Kind} {o.Status?.ToString() ?? o.Error}");
            output.WriteLine($"{name}: {Distribution.Describe(some)}{string.Concat(failures.Select(f => $"; {f.Key}: {f.Value}"))}");
        }
    }
}
