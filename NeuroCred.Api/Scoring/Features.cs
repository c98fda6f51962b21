namespace NeuroCred.Api.Scoring;

/// <summary>The features' names in explanations.</summary>
internal static class Features
{
    public const string Transactions = "transactions";
    public const string VolumeUsd = "volumeUsd";
    public const string StablecoinRatio = "stablecoinRatio";
    public const string DaysActive = "daysActive";
    public const string Volatility = "volatility";
    public const string StakingTier = "stakingTier";
}
