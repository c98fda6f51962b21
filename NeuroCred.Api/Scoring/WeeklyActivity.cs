namespace NeuroCred.Api.Scoring;

/// <summary>What a wallet did in seven days; weeks without transactions have no entry.</summary>
/// <param name="Week">Which seven days: 0 begins with the day (UTC) of the wallet's first transaction.</param>
/// <param name="DaysActive">How many of them had a transaction.</param>
/// <param name="Transactions">The transactions.</param>
/// <param name="VolumeUsd">Their value, summed.</param>
/// <param name="StableVolumeUsd">The part of it that moved in stablecoins.</param>
internal sealed record WeeklyActivity(int Week, int DaysActive, long Transactions, decimal VolumeUsd, decimal StableVolumeUsd);
