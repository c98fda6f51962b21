using System.Text.Json.Serialization;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>What an operation does.</summary>
internal enum OperationKind
{
    /// <summary>POST of one transaction.</summary>
    AddTransaction,

    /// <summary>POST score, with an idempotency key.</summary>
    ComputeScore,

    /// <summary>GET score.</summary>
    ReadScore,

    /// <summary>GET live: all scores with their sequences.</summary>
    ReadAllScores,
}

/// <summary>What a client knows of an operation's effect.</summary>
internal enum OperationOutcome
{
    /// <summary>It was carried out.</summary>
    Ok,

    /// <summary>It was not carried out, and never will be.</summary>
    Failed,

    /// <summary>It was carried out at some time after its invocation, or will be, or never.</summary>
    Unknown,
}

/// <summary>One line of a history: what a client did to a wallet, and what came of it.</summary>
/// <param name="Wallet">The wallet's address.</param>
/// <param name="Client">Which client; it does one operation at a time.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Invoked">When, in microseconds of the one clock of all clients.</param>
/// <param name="Completed">When the client had the answer, or gave up.</param>
/// <param name="Outcome">What it knows of the effect.</param>
internal sealed record Operation(string Wallet, int Client, OperationKind Kind, long Invoked, long Completed, OperationOutcome Outcome)
{
    /// <summary>Of <see cref="OperationKind.AddTransaction"/>: which of the wallet's transactions, from 0.</summary>
    public int? Transaction { get; init; }

    /// <summary>Of <see cref="OperationKind.AddTransaction"/> that is ok: whether the answer says that it was new.</summary>
    public bool? WasNew { get; init; }

    /// <summary>Of <see cref="OperationKind.ComputeScore"/>: the idempotency key.</summary>
    public string? Key { get; init; }

    /// <summary>The score's body, byte for byte; null also where the answer to a read was that there is none.</summary>
    public string? Score { get; init; }

    /// <summary>Of <see cref="OperationKind.ComputeScore"/> that is ok: until when the key is kept, as the answer said.</summary>
    public string? KeyExpires { get; init; }

    /// <summary>Of <see cref="OperationKind.ReadAllScores"/> that is ok: every score, in order; null if they have none.</summary>
    public IReadOnlyList<string>? AllScores { get; init; }

    /// <summary>The status, or why there was none.</summary>
    public string? Told { get; init; }

    /// <summary>Which replica answered.</summary>
    public string? Replica { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    [JsonIgnore]
    public bool IsRead => Kind is OperationKind.ReadScore or OperationKind.ReadAllScores;
}
