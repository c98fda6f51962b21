namespace NeuroCred.Api.Scoring;

/// <summary>What a wallet did on one day (UTC); days without transactions have no entry.</summary>
internal sealed record DailyActivity(DateOnly Day, long Transactions, decimal VolumeUsd, decimal StableVolumeUsd);
