using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>
/// Does one operation after the other through the gateway, and records each with its times and its outcome. It never sends one again by
/// itself.
/// </summary>
/// <param name="gateway">The gateway.</param>
/// <param name="number">Tells it from other clients.</param>
/// <param name="start">The timestamp that is time zero.</param>
internal sealed class RecordingClient(Uri gateway, int number, long start) : IDisposable
{
    /// <summary>Longer than the gateway holds a request.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    // After these nothing was done, and nothing will be: the request was refused for what it is, or before any replica had it.
    private static readonly HashSet<HttpStatusCode> s_refused =
    [
        HttpStatusCode.BadRequest,
        HttpStatusCode.Unauthorized,
        HttpStatusCode.Forbidden,
        HttpStatusCode.UnprocessableEntity,
        HttpStatusCode.RequestEntityTooLarge,
        HttpStatusCode.TooManyRequests,
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = gateway,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public List<Operation> Recorded { get; } = [];

    /// <summary>Does an operation.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="next">What to do to it.</param>
    /// <param name="limit">How long to wait for the answer; null for longer than the gateway takes.</param>
    public async Task<Operation> DoAsync(
        WalletUnderTest wallet,
        (OperationKind Kind, int? Transaction, string? Key) next,
        TimeSpan? limit = null
    )
    {
        using var timeout = new CancellationTokenSource(limit ?? s_timeout);
        var operation = new Operation(wallet.Address, number, next.Kind, Now(), 0, OperationOutcome.Unknown)
        {
            Transaction = next.Transaction,
            Key = next.Key,
        };
        try
        {
            operation =
                next.Kind == OperationKind.ReadAllScores
                    ? await ReadAllScoresAsync(operation, timeout.Token)
                    : await SendAsync(operation, timeout.Token);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            operation = operation with { Outcome = OperationOutcome.Failed, Told = "no connection" };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or WebSocketException)
        {
            operation = operation with
            {
                Told =
                    e is not OperationCanceledException ? "connection broken"
                    : limit is null ? "no answer"
                    : "the client gave up",
            };
        }

        operation = operation with { Completed = Now() };
        Recorded.Add(operation);
        wallet.HasScore |= operation.Score is not null;
        return operation;
    }

    public void Dispose() => _http.Dispose();

    private long Now() => (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds;

    private async Task<Operation> SendAsync(Operation operation, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(operation);
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        operation = operation with { Told = $"{(int)response.StatusCode}", Replica = Header("X-Served-By") };
        return response.StatusCode switch
        {
            HttpStatusCode.OK when operation.Kind == OperationKind.AddTransaction => operation with
            {
                Outcome = OperationOutcome.Ok,
                WasNew = WasNew(body),
            },
            HttpStatusCode.OK => operation with
            {
                Outcome = OperationOutcome.Ok,
                Score = body,
                KeyExpires = Header("Idempotency-Key-Expires"),
            },
            HttpStatusCode.NotFound when operation.Kind == OperationKind.ReadScore => operation with { Outcome = OperationOutcome.Ok },
            var status => operation with { Outcome = s_refused.Contains(status) ? OperationOutcome.Failed : OperationOutcome.Unknown },
        };

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
    }

    private static HttpRequestMessage CreateRequest(Operation operation) =>
        operation.Kind switch
        {
            OperationKind.AddTransaction => Workload.PostTransaction(
                operation.Wallet,
                Workload.HashOf($"{operation.Wallet} {operation.Transaction}"),
                ScoreBody.ValueOf(operation.Transaction!.Value)
            ),
            OperationKind.ComputeScore => Workload.PostScore(operation.Wallet, operation.Key!),
            _ => Workload.Get($"/api/score/{operation.Wallet}"),
        };

    private static bool WasNew(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("accepted").GetInt32() == 1;
    }

    // The first connection says how many there are, the second which. All of them had been stored when the first said so.
    private async Task<Operation> ReadAllScoresAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (newest, newestBody) = (await ReadLiveAsync(operation.Wallet, "", 1, cancellationToken))[0];
        var all = newest == 1 ? [(newest, newestBody)] : await ReadLiveAsync(operation.Wallet, "?after=0", newest, cancellationToken);

        // What has a gap or a repetition, or is not what it was a moment before, is no list of scores: the model allows it nowhere.
        return all.Select(s => s.Sequence).SequenceEqual(Enumerable.Range(1, newest)) && all[^1].Body == newestBody
            ? operation with
            {
                Outcome = OperationOutcome.Ok,
                AllScores = [.. all.Select(s => s.Body)],
            }
            : operation with
            {
                Outcome = OperationOutcome.Ok,
                Told = $"the newest was {newest}: {newestBody}; then all were {string.Join("; ", all)}",
            };
    }

    private async Task<List<(int Sequence, string Body)>> ReadLiveAsync(
        string wallet,
        string query,
        int count,
        CancellationToken cancellationToken
    )
    {
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.SetRequestHeader("X-API-Key", Workload.ApiKey);
        await socket.ConnectAsync(new Uri($"ws://{gateway.Authority}/api/score/{wallet}/live{query}"), cancellationToken);
        var scores = new List<(int, string)>();
        var buffer = new byte[16384];
        while (scores.Count < count)
        {
            var length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += received.Count;
            } while (!received.EndOfMessage);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new IOException("The live connection was closed.");
            }

            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (json.RootElement.GetProperty("type").ValueEquals("score"))
            {
                var score = json.RootElement.GetProperty("score");
                scores.Add((score.GetProperty("sequence").GetInt32(), score.GetRawText()));
            }
        }

        return scores;
    }
}
