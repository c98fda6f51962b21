// Writes the sample wallets beside this file: dotnet run samples/generate.cs
// No clock and no randomness: the same files on every machine. Each wallet is a story told by a few numbers.
#:property GenerateDocumentationFile=false
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

var start = new DateTime(2025, 1, 6, 9, 0, 0, DateTimeKind.Utc); // a Monday

Sample[] samples =
[
    // A transfer on each of 120 days, mostly stablecoins, every week like the last.
    new("strong", [.. Enumerable.Range(0, 120).Select(i => new Transfer(i, 20 + (i % 7), i % 5 == 0 ? "ETH" : "USDC"))]),
    // Every second day for a while; the first weeks carry twice the value of the later ones.
    new("medium", [.. Enumerable.Range(0, 25).Select(i => new Transfer(i * 2, i < 12 ? 40 : 15, i % 3 == 0 ? "WETH" : "DAI"))]),
    // A dozen large transfers in unstable tokens, most of the value within one week.
    new("whale", [.. Enumerable.Range(0, 12).Select(i => new Transfer(i * 6, i == 4 ? 90000 : 2500, i % 2 == 0 ? "ETH" : "WBTC"))]),
    // Six transfers, of which one is nearly all of it.
    new("weak", [.. Enumerable.Range(0, 6).Select(i => new Transfer(i * 9, i == 2 ? 250 : 4.5m, "ETH"))]),
];

foreach (var sample in samples)
{
    var lines = sample.Transfers.Select(
        (transfer, i) =>
        {
            var time = start.AddDays(transfer.Day).AddMinutes(37 * i % 600);
            string[] fields =
            [
                $"\"hash\":\"{Hash($"{sample.Name}/{i}", 32)}\"",
                $"\"timestamp\":\"{time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\"",
                $"\"valueUsd\":{transfer.ValueUsd.ToString(CultureInfo.InvariantCulture)}",
                $"\"token\":\"{transfer.Token}\"",
                $"\"counterparty\":\"{Hash($"counterparty {i % 4}", 20)}\"",
            ];
            return $"    {{{string.Join(",", fields)}}}";
        }
    );
    File.WriteAllText(Path.Combine(Here(), sample.Name + ".json"), $"{{\n  \"transactions\": [\n{string.Join(",\n", lines)}\n  ]\n}}\n");
    Console.WriteLine($"{sample.Name}.json: {sample.Transfers.Count} transactions");
}

static string Hash(string text, int bytes) =>
    "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

internal sealed record Sample(string Name, IReadOnlyList<Transfer> Transfers);

internal sealed record Transfer(int Day, decimal ValueUsd, string Token);
