using System.Text.Json.Serialization;
using NeuroCred.Api.Lending;
using NeuroCred.Api.Live;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api;

/// <summary>How the Api reads and writes JSON. A name given twice is an error, not a choice between two values.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(TransactionsRequest))]
[JsonSerializable(typeof(TransactionsAnswer))]
[JsonSerializable(typeof(StakingRequest))]
[JsonSerializable(typeof(StakingAnswer))]
[JsonSerializable(typeof(ScoreRequest))]
[JsonSerializable(typeof(ScoreAnswer))]
[JsonSerializable(typeof(IReadOnlyList<FeaturePoints>))]
[JsonSerializable(typeof(ScoreHistoryAnswer))]
[JsonSerializable(typeof(ScoreTrend))]
[JsonSerializable(typeof(LoanToValue))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(LiveScoreMessage))]
[JsonSerializable(typeof(LiveHeartbeatMessage))]
internal sealed partial class ApiJson : JsonSerializerContext;
