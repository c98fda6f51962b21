using System.Text.Json;
using NeuroCred.Api.Scores;

namespace NeuroCred.Api.Live;

/// <summary>A score and its place among its wallet's: 1, 2, 3, ... in the order of their commits.</summary>
internal sealed record SequencedScore(long Sequence, ScoreAnswer Score);

/// <summary>What a live client gets, each as one text frame.</summary>
internal sealed record LiveScoreMessage(string Type, long Sequence, ScoreAnswer Score);

/// <summary>Sent in silence: a browser's script does not see ping frames. Carries the sequence of the last score that was sent.</summary>
internal sealed record LiveHeartbeatMessage(string Type, long Sequence);

internal static class LiveMessages
{
    public static byte[] Of(SequencedScore score) =>
        JsonSerializer.SerializeToUtf8Bytes(new("score", score.Sequence, score.Score), ApiJson.Default.LiveScoreMessage);

    public static byte[] Heartbeat(long sequence) =>
        JsonSerializer.SerializeToUtf8Bytes(new("heartbeat", sequence), ApiJson.Default.LiveHeartbeatMessage);
}
