using NeuroCred.Api.Scores;

namespace NeuroCred.Api.Lending;

/// <summary>How much may be lent against a wallet's collateral.</summary>
/// <param name="Address">The wallet, with its checksum.</param>
/// <param name="LtvBps">The loan's share of the collateral's value, in basis points.</param>
/// <param name="LtvPercent">The same in percent.</param>
/// <param name="RiskBand">The current score's band, from which the share follows.</param>
/// <param name="Score">The current score.</param>
/// <param name="Scorecard">The version of the scorecard that it was computed with.</param>
internal sealed record LoanToValue(string Address, int LtvBps, double LtvPercent, int RiskBand, int Score, string Scorecard)
{
    public static LoanToValue Of(ScoreAnswer score)
    {
        var bps = BpsOf(score.RiskBand);
        return new(score.Address, bps, bps / 100.0, score.RiskBand, score.Score, score.Scorecard);
    }

    /// <param name="riskBand">1 to 3; nothing is lent to any other, which is unknown.</param>
    internal static int BpsOf(int riskBand) =>
        riskBand switch
        {
            1 => 7000,
            2 => 5000,
            3 => 3000,
            _ => 0,
        };
}
