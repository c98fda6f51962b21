using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>
/// How a wallet's score changed within 30 days. The scores that count are those that were current at some time in those days: the one
/// that was current when they began, and every later one, of which the newest 1,000 are read. Each counts once,
/// however long it was current. A wallet whose first score is younger is compared with its first.
/// </summary>
/// <param name="Address">The wallet, with its checksum.</param>
/// <param name="CurrentScore">0 to 1000.</param>
/// <param name="Change30Days">The current score less the one that was current 30 days ago, in points.</param>
/// <param name="ChangePercent">The change in percent of that one, to one decimal; left out if that one was 0, and this one is not.</param>
/// <param name="Direction"><c>up</c> if the score rose by more than 10 points, <c>down</c> if it fell by more than 10, else
/// <c>stable</c>.</param>
/// <param name="Average">Of the scores that count, to one decimal.</param>
/// <param name="Highest">The same.</param>
/// <param name="Lowest">The same.</param>
/// <param name="Scorecard">The version of the scorecard that the current score was computed with; the others may be of earlier
/// ones.</param>
internal sealed record ScoreTrend(
    string Address,
    int CurrentScore,
    int Change30Days,
    double? ChangePercent,
    string Direction,
    double Average,
    int Highest,
    int Lowest,
    string Scorecard
)
{
    public const int Days = 30;
    public const int StablePoints = 10;
    public const int MaxScores = 1000;

    // However many scores a wallet has, this reads at most MaxScores + 4 entries of two indexes.
    private const string Sql = """
        SELECT (SELECT score FROM score_history WHERE address = $1 ORDER BY sequence DESC LIMIT 1),
               coalesce((SELECT score FROM score_history WHERE address = $1 AND computed_at <= $2
                         ORDER BY computed_at DESC, sequence DESC LIMIT 1),
                        (SELECT score FROM score_history WHERE address = $1 ORDER BY sequence LIMIT 1)),
               avg(score)::float8, max(score), min(score),
               (SELECT scorecard FROM score_history WHERE address = $1 ORDER BY sequence DESC LIMIT 1)
        FROM ((SELECT score FROM score_history WHERE address = $1 AND computed_at > $2
               ORDER BY computed_at DESC, sequence DESC LIMIT $3)
              UNION ALL
              (SELECT score FROM score_history WHERE address = $1 AND computed_at <= $2
               ORDER BY computed_at DESC, sequence DESC LIMIT 1)) AS counted
        """;

    /// <summary>Asks for a wallet's trend; the row is for <see cref="Read"/>.</summary>
    public static NpgsqlBatchCommand Query(WalletAddress address, DateTime now) =>
        SqlCommands.Batched(Sql, address.Lower, now.AddDays(-Days), MaxScores);

    /// <summary>Reads the only row; null for a wallet without a score.</summary>
    public static ScoreTrend? Read(NpgsqlDataReader row, WalletAddress address) =>
        row.IsDBNull(0)
            ? null
            : Of(
                address,
                (row.GetInt32(0), row.GetString(5)),
                row.GetInt32(1),
                (row.GetDouble(2), Highest: row.GetInt32(3), Lowest: row.GetInt32(4))
            );

    /// <param name="address">The wallet.</param>
    /// <param name="current">Its score now, and the scorecard of that.</param>
    /// <param name="earlier">The score to compare it with.</param>
    /// <param name="counted">Of all scores that count.</param>
    internal static ScoreTrend Of(
        WalletAddress address,
        (int Score, string Scorecard) current,
        int earlier,
        (double Average, int Highest, int Lowest) counted
    )
    {
        var change = current.Score - earlier;
        return new(
            address.ToString(),
            current.Score,
            change,
            change == 0 ? 0
                : earlier == 0 ? null
                : Round(100.0 * change / earlier),
            change switch
            {
                > StablePoints => "up",
                < -StablePoints => "down",
                _ => "stable",
            },
            Round(counted.Average),
            counted.Highest,
            counted.Lowest,
            current.Scorecard
        );
    }

    private static double Round(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);
}
