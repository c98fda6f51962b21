using System.Net;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Requests of one kind at a time, each to a wallet of its own, which has <see cref="TransactionsPerWallet"/>
/// transactions.</summary>
/// <param name="seed">Gives the wallets their addresses.</param>
/// <param name="wallets">How many wallets there are.</param>
internal sealed class CostWorkload(string seed, int wallets)
{
    /// <summary>A read that finds its score in Redis.</summary>
    public const string Cached = "GET score, cached";

    /// <summary>A read that does not, asks Postgres and fills Redis.</summary>
    public const string Uncached = "GET score, uncached";

    /// <summary>A read of a wallet without a score, which Redis knows to have none.</summary>
    public const string CachedNone = "GET no score, cached";

    /// <summary>A read of a wallet without a score, of which nobody asked before.</summary>
    public const string UncachedNone = "GET no score, uncached";

    /// <summary>A new score, computed from all the wallet's transactions.</summary>
    public const string Score = Workload.Score;

    /// <summary>One new transaction.</summary>
    public const string Transactions = Workload.Transactions;

    /// <summary>How many transactions a score is computed from.</summary>
    public const int TransactionsPerWallet = 50;

    private const int CachedWallets = 20;

    /// <summary>All kinds, in the order in which they can be asked: a score must be computed before it can be read.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Score, Uncached, Transactions, Cached];

    /// <summary>The kinds that use the score cache, in that order too: wallets that nobody asked for before keep others without a score
    /// out of it for a minute.</summary>
    public static IReadOnlyList<string> CacheKinds { get; } = [Score, Uncached, Cached, CachedNone, UncachedNone];

    // How many of each kind were made: a wallet that was read once is in the cache.
    private readonly Dictionary<string, int> _made = Kinds.Union(CacheKinds).ToDictionary(kind => kind, _ => 0);

    /// <summary>The next request of a kind, or null when there is no wallet left to ask it of.</summary>
    public WorkItem? Next(string kind)
    {
        lock (_made)
        {
            return (kind == Score && _made[Score] >= wallets) || (kind == Uncached && _made[Uncached] >= _made[Score])
                ? null
                : Next(kind, _made[kind]++);
        }
    }

    /// <summary>The address of a wallet.</summary>
    public string WalletOf(int i) => Workload.AddressOf($"{seed} {i}");

    private WorkItem Next(string kind, int i) =>
        kind switch
        {
            Score => Workload.ComputeScore(WalletOf(i), $"{seed}-{i}"),
            Transactions => Workload.SendTransaction(Workload.AddressOf($"{seed} sent {i}"), Workload.HashOf($"{seed} sent {i}")),
            Uncached => Read(kind, WalletOf(i)),
            UncachedNone => ReadNone(kind, $"none {i}"),
            CachedNone => ReadNone(kind, $"none, cached, {i % CachedWallets}"),
            _ => Read(kind, WalletOf(i % CachedWallets)),
        };

    private static WorkItem Read(string kind, string wallet) => new(kind, wallet, () => Workload.Get($"/api/score/{wallet}"));

    private WorkItem ReadNone(string kind, string name) =>
        Read(kind, Workload.AddressOf($"{seed} {name}")) with
        {
            Success = HttpStatusCode.NotFound,
        };
}
