using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Formats numbers and lists for the texts of findings.</summary>
internal static class FindingText
{
    private const string ApiKeys = "api-keys"; // the name of the replicas' own check

    /// <summary>Milliseconds: <c>0.4 ms</c>, <c>35 ms</c>, <c>1.2 s</c>, <c>10 min</c>.</summary>
    public static string Time(double milliseconds) =>
        milliseconds switch
        {
            >= 120_000 => $"{milliseconds / 60_000:0} min",
            >= 1000 => $"{milliseconds / 1000:0.0} s",
            >= 10 => $"{milliseconds:0} ms",
            _ => $"{milliseconds:0.0} ms",
        };

    /// <summary>A time span, likewise.</summary>
    public static string Time(TimeSpan time) => Time(time.TotalMilliseconds);

    /// <summary>A part of the whole: <c>0.4 %</c>, <c>35 %</c>.</summary>
    public static string Percent(double part) => part is > 0 and < 0.0995 ? $"{part * 100:0.#} %" : $"{part * 100:0} %";

    /// <summary>A number of things: <c>1 request</c>, <c>7 requests</c>.</summary>
    public static string Count(double number, string thing) => $"{number:0} {thing}{(Math.Round(number) == 1 ? "" : "s")}";

    /// <summary><c>api-1, api-2 and api-3</c>.</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count > 1 ? $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}" : string.Concat(words);

    /// <summary>
    /// Of the checks that are not well, those to look at. A replica that cannot read its API keys says so beside the database, which has
    /// them: that is one fault.
    /// </summary>
    public static IReadOnlyList<string> WithoutConsequences(IEnumerable<string> checks)
    {
        List<string> named = [.. checks.Order(StringComparer.Ordinal)];
        return named.Count > 1 ? [.. named.Where(name => name != ApiKeys)] : named;
    }

    /// <summary>The checks as what is to be looked at: <c>database and redis</c>.</summary>
    public static string ListDependencies(IEnumerable<string> checks) =>
        List([.. WithoutConsequences(checks).Select(name => name == ApiKeys ? "the API keys in Postgres" : name)]);

    /// <summary>The kinds of failures that there were, the most frequent first: <c>12 × refused, 3 × reset</c>.</summary>
    public static string Kinds(AttemptFailures failures) =>
        string.Join(", ", KindsOf(failures).Where(k => k.Count > 0).OrderByDescending(k => k.Count).Select(k => $"{k.Count} × {k.Kind}"));

    /// <summary>The most frequent kind of failure: <c>connections are refused</c>.</summary>
    public static string Worst(AttemptFailures failures) => KindsOf(failures).MaxBy(k => k.Count).Sentence;

    private static (long Count, string Kind, string Sentence)[] KindsOf(AttemptFailures failures) =>
        [
            (failures.Refused, "refused", "connections are refused"),
            (failures.TimedOut, "timed out", "no answer comes in time"),
            (failures.Reset, "reset", "connections end before an answer"),
            (failures.ServerErrors, "answered with an error (500 or more)", "the answer is an error (500 or more)"),
        ];
}
