using NeuroCred.Settings;

namespace NeuroCred.Api.Retention;

/// <summary>How long scores and transactions are kept, in whole UTC days before today. 0, the default: for ever.</summary>
/// <param name="HistoryDays"><c>Retention:HistoryDays</c>: scores. A wallet's newest one is always kept.</param>
/// <param name="TransactionDays">
/// <c>Retention:TransactionDays</c>: transactions. Older ones are not taken any more either: sent again, they would count again.
/// </param>
internal sealed record RetentionOptions(int HistoryDays, int TransactionDays)
{
    private const int MaxDays = 36_500;

    public static RetentionOptions Read(SettingsReader settings) =>
        new(
            settings.Number("Retention:HistoryDays", 0, 0, MaxDays, "a number of days, or 0 to keep all"),
            settings.Number("Retention:TransactionDays", 0, 0, MaxDays, "a number of days, or 0 to keep all")
        );

    /// <summary>Since when scores are kept; null for all.</summary>
    public DateTimeOffset? EarliestScore(DateTimeOffset now) => Earliest(now, HistoryDays);

    /// <summary>Since when transactions are kept, and taken; null for all.</summary>
    public DateTimeOffset? EarliestTransaction(DateTimeOffset now) => Earliest(now, TransactionDays);

    private static DateTimeOffset? Earliest(DateTimeOffset now, int days) =>
        days == 0 ? null : new(now.UtcDateTime.Date.AddDays(-days), TimeSpan.Zero);
}
