using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using NeuroCred.Testing.Load;

namespace NeuroCred.Testing.Writes;

/// <summary>What clients of NeuroCred do: half of it reads, a quarter new transactions, a quarter new scores. Every write is one of a
/// kind.</summary>
/// <param name="seed">Keeps the writes of different runs apart.</param>
/// <param name="readWallet">A wallet that has a score.</param>
internal sealed class Workload(string seed, string readWallet)
{
    /// <summary>The API key with all scopes, of systems that live as long as a measurement.</summary>
    public const string ApiKey = "system-tests-only-0123456789abcdef";

    public const string Read = "GET score";
    public const string Transactions = "POST transactions";
    public const string Score = "POST score";

    public WorkItem Next(int i) =>
        (i % 4) switch
        {
            1 => SendTransaction(WalletOf(i), HashOf($"{seed} transaction {i}")),
            3 => ComputeScore(WalletOf(i), $"{seed}-{i}"),
            _ => new(Read, readWallet, () => Get($"/api/score/{readWallet}")),
        };

    /// <summary>Only the writes, for clients that read nothing.</summary>
    public WorkItem NextWrite(int i) => Next((i * 2) + 1);

    /// <summary>Creates a wallet that has a score, for clients to read.</summary>
    /// <param name="api">A replica, or a gateway.</param>
    /// <param name="seed">Gives the wallet its address.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<string> CreateScoredWalletAsync(Uri api, string seed, CancellationToken cancellationToken)
    {
        var address = AddressOf(seed);
        using var http = new HttpClient { BaseAddress = api };
        using var request = PostScore(address, seed);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return address;
    }

    /// <summary>A transaction hash that is made from a name.</summary>
    public static string HashOf(string name) => "0x" + Hex(name);

    /// <summary>A wallet address that is made from a name.</summary>
    public static string AddressOf(string name) => "0x" + Hex(name)[..40];

    /// <summary>Stores one transaction.</summary>
    public static WorkItem SendTransaction(string wallet, string hash) =>
        new(Transactions, hash, () => PostTransaction(wallet, hash, 12.5m)) { WasResent = WasKnown };

    /// <summary>Computes a score.</summary>
    public static WorkItem ComputeScore(string wallet, string key) =>
        new(Score, wallet, () => PostScore(wallet, key)) { WasResent = WasKnown };

    public static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path) { Headers = { { "X-API-Key", ApiKey } } };

    public static HttpRequestMessage PostScore(string wallet, string key) =>
        new(HttpMethod.Post, "/api/score")
        {
            Content = JsonContent.Create(new { address = wallet }),
            Headers = { { "X-API-Key", ApiKey }, { "Idempotency-Key", $"\"{key}\"" } },
        };

    public static HttpRequestMessage PostTransaction(string wallet, string hash, decimal valueUsd)
    {
        var transaction = new
        {
            hash,
            timestamp = "2026-01-02T03:04:05Z",
            valueUsd,
            token = "USDC",
        };
        return new(HttpMethod.Post, $"/api/wallets/{wallet}/transactions")
        {
            Content = JsonContent.Create(new { transactions = new[] { transaction } }),
            Headers = { { "X-API-Key", ApiKey } },
        };
    }

    // Its own for each score, so that one computed twice shows as two rows of one wallet.
    private string WalletOf(int i) => AddressOf($"{seed} {i / 4}");

    private static bool WasKnown(HttpResponseMessage response, string body) =>
        response.Headers.Contains("Idempotent-Replayed") || body.Contains("\"duplicates\":1", StringComparison.Ordinal);

    private static string Hex(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
