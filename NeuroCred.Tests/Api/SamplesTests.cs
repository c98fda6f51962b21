using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api;

[StartsProcesses]
public class SamplesTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly string s_samples = Path.Combine(Repository.Folder, "samples");

    // A row: | `strong.json` | `0x...` | what it is | 1000 (...) | 1 |
    public static TheoryData<string, string, int, int> Rows()
    {
        var rows = new TheoryData<string, string, int, int>();
        foreach (
            Match row in Regex.Matches(
                File.ReadAllText(Path.Combine(s_samples, "README.md")),
                @"^\| `(\w+\.json)` \| `(0x\w+)` \|[^|]*\| (\d+)[^|]*\| (\d) \|\r?$",
                RegexOptions.Multiline
            )
        )
        {
            rows.Add(row.Groups[1].Value, row.Groups[2].Value, int.Parse(row.Groups[3].ValueSpan), int.Parse(row.Groups[4].ValueSpan));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_sample_scores_what_its_readme_says(string file, string wallet, int score, int band)
    {
        var sample = new Sample(file, wallet);
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(Cancellation);

        await TransactionStore.AddAsync(connection, sample.Wallet, sample.ReadBatch(), "samples");
        var assessment = Scorecard.Assess(await WalletActivity.ReadAsync(connection, sample.Wallet));
        Assert.Equivalent(sample.Assess(), assessment, strict: true);

        Assert.Equal((score, band), (assessment.Score, assessment.RiskBand));
        Assert.Equal(wallet, sample.Wallet.ToString());
    }

    [Fact]
    public void Every_sample_is_in_the_readme() =>
        Assert.Equal(
            Directory.GetFiles(s_samples, "*.json").Select(Path.GetFileName).Order(),
            Rows().Select(row => row.Data.Item1).Order()
        );
}
