// A small lender at work: it sends transactions, computes scores, decides loans and follows live scores, changes its API key meanwhile, and
// then checks that nothing was lost. README.md beside this file says how to run it.
//   dotnet run samples/lender.cs -- [--seconds 60] [--wallets 100] [--rotate 'COMMAND']
// Exit code: 0 nothing was lost; 1 something was, or an answer was wrong; 2 it could not begin.
#:property GenerateDocumentationFile=false
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

const int ApplicationsPerSecond = 6; // with what is sent again about 430 scores a minute, of the 600 that a client may ask for
const int AtOnce = 8;
string[] stories = ["strong", "medium", "whale", "weak"];

var (seconds, count, rotate) = (60, 100, (string?)null);
for (var i = 0; i < args.Length; i += 2)
{
    switch (args[i], args.ElementAtOrDefault(i + 1))
    {
        case ("--seconds", { } text) when int.TryParse(text, out seconds) && seconds is >= 1 and <= 3600:
        case ("--wallets", { } number) when int.TryParse(number, out count) && count is >= 1 and <= 200:
            break; // each wallet has a WebSocket, and the gateway takes 300 connections of a client
        case ("--rotate", { } command):
            rotate = command;
            break;
        default:
            return Refuse(
                $"'{string.Join(' ', args.Skip(i).Take(2))}' cannot be used. Take --seconds 1-3600, --wallets 1-200, --rotate 'COMMAND'."
            );
    }
}

if (
    !Uri.TryCreate(Environment.GetEnvironmentVariable("GATEWAY"), UriKind.Absolute, out var gateway)
    || Environment.GetEnvironmentVariable("APIKEY") is not { Length: > 0 } apiKey
)
{
    return Refuse("Set and export GATEWAY, such as http://localhost:8080, and APIKEY, a key with the scopes read and write.");
}

using var api = new Api(gateway, apiKey);
var problems = new ConcurrentQueue<string>();
var run = Guid.NewGuid().ToString("N");
var wallets = Enumerable.Range(0, count).Select(i => new Wallet(i, "0x" + Hash($"{run} {i}")[..40])).ToArray();
var (approved, declined, replayed, identical, once, opened) = (0, 0, 0, 0, 0, 0);
var rotation = rotate is null ? "kept, since no --rotate was given" : "not changed";
Console.WriteLine($"A lender with {count} wallets at {gateway} for {seconds} s");
try
{
    using var http = new HttpClient { BaseAddress = gateway, DefaultRequestHeaders = { { "X-API-Key", apiKey } } };
    using var answer = await http.GetAsync($"/api/score/{wallets[0].Address}");
    if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
    {
        return Refuse($"APIKEY: the gateway refuses it: {await answer.Content.ReadAsStringAsync()}");
    }
}
catch (HttpRequestException e)
{
    return Refuse($"GATEWAY: {gateway} does not answer ({e.Message}). Start it, or correct the address.");
}

await PhaseAsync("Onboarding", wallets.ToAsyncEnumerable(), OnboardAsync);
if (!problems.IsEmpty)
{
    return Report();
}

using var stop = new CancellationTokenSource();
var followers = wallets.Select(wallet => FollowAsync(wallet, stop.Token)).ToArray();
var working = Stopwatch.StartNew();
var rotating = rotate is null ? Task.CompletedTask : RotateAsync(rotate, TimeSpan.FromSeconds(seconds / 2.0));
using (var ticker = new Timer(_ => ShowProgress(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)))
{
    await PhaseAsync("Lending", ApplicationsAsync(), LendAsync);
}

await rotating;
await PhaseAsync("Audit", wallets.Where(w => !w.Acknowledged.IsEmpty).ToAsyncEnumerable(), AuditAsync);
for (var waited = Stopwatch.StartNew(); wallets.Sum(Missed) > 0 && waited.Elapsed < TimeSpan.FromSeconds(30); )
{
    await Task.Delay(100);
}

await stop.CancelAsync();
await Task.WhenAll(followers);
return Report();

// A new borrower: what is known of the wallet's past, and its staking tier. Every tenth batch is sent again: nothing is stored twice.
async Task OnboardAsync(Wallet wallet)
{
    var body = await File.ReadAllTextAsync(Path.Combine(Here(), stories[wallet.Number % stories.Length] + ".json"));
    var size = JsonDocument.Parse(body).RootElement.GetProperty("transactions").GetArrayLength();
    await AddTransactionsAsync(wallet, body, size);
    if (wallet.Number % 10 == 0)
    {
        var again = await AddTransactionsAsync(wallet, body, size);
        Expect(again.Number("accepted") == 0, $"{wallet.Address}: a batch that was sent again was stored again: {again.Text}");
    }
    await api.SendAsync("PUT staking", $"/api/wallets/{wallet.Address}/staking", $$"""{"tier":{{wallet.Number % 4}}}""");
}

async Task<Answer> AddTransactionsAsync(Wallet wallet, string body, int size)
{
    var answer = await api.SendAsync("POST transactions", $"/api/wallets/{wallet.Address}/transactions", body);
    Expect(answer.Number("accepted") + answer.Number("duplicates") == size, $"{wallet.Address}: {size} transactions, {answer.Text}");
    return answer;
}

// The pace is that of customers: it does not follow how fast answers come, as long as one of the AtOnce is free.
async IAsyncEnumerable<Wallet> ApplicationsAsync()
{
    using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ApplicationsPerSecond));
    for (var i = 0; working.Elapsed.TotalSeconds < seconds && await pace.WaitForNextTickAsync(); i++)
    {
        yield return wallets[i % wallets.Length];
    }
}

// A borrower asks for a loan of 20 to 80 % of the collateral: a recent transaction, a new score, and what may be lent.
async Task LendAsync(Wallet wallet)
{
    var application = Interlocked.Increment(ref wallet.Applications);
    var hash = "0x" + Hash($"{wallet.Address} {application}");
    var transaction = $$"""{"hash":"{{hash}}","timestamp":"{{DateTime.UtcNow:O}}","valueUsd":{{application}},"token":"USDC"}""";
    await AddTransactionsAsync(wallet, $$"""{"transactions":[{{transaction}}]}""", 1);

    // The key names the application, so that whoever resends it, after any failure, gets the score that was computed for it.
    var key = $"{run}-{wallet.Number}-{application}";
    var computed = await ScoreAsync(wallet, key);
    wallet.Acknowledged[computed.Number("sequence")] = (key, computed.Text);
    if ((wallet.Number + application) % 5 == 0)
    {
        await ReplayAsync(wallet, key, computed.Text);
    }
    var read = await api.SendAsync("GET score", $"/api/score/{wallet.Address}");
    Expect(
        read.Number("sequence") >= computed.Number("sequence"),
        $"{wallet.Address}: score {computed.Number("sequence")} was acknowledged, and then {read.Number("sequence")} was read"
    );
    var ltv = await api.SendAsync("GET ltv", $"/api/lending/ltv/{wallet.Address}");
    var askedBps = 2000 + ((wallet.Number + (application * 3)) % 7 * 1000);
    Interlocked.Increment(ref askedBps <= ltv.Number("ltvBps") ? ref approved : ref declined);
}

Task<Answer> ScoreAsync(Wallet wallet, string key) =>
    api.SendAsync("POST score", "/api/score", $$"""{"address":"{{wallet.Address}}"}""", key);

async Task ReplayAsync(Wallet wallet, string key, string first)
{
    var again = await ScoreAsync(wallet, key);
    Interlocked.Increment(ref replayed);
    Interlocked.Add(ref identical, again.IsReplay && again.Text == first ? 1 : 0);
}

// A WebSocket for each wallet. However it ends (a replica drains or is killed, the key ends), the next one goes on after the last score.
async Task FollowAsync(Wallet wallet, CancellationToken stopped)
{
    while (!stopped.IsCancellationRequested)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        socket.Options.SetRequestHeader("X-API-Key", api.Key);
        var address = new UriBuilder(new Uri(gateway, $"/api/score/{wallet.Address}/live?after={wallet.LastSeen}"))
        {
            Scheme = gateway.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
        };
        try
        {
            await socket.ConnectAsync(address.Uri, stopped);
            Interlocked.Increment(ref opened);
            while (true)
            {
                using var reader = new StreamReader(WebSocketStream.CreateReadableMessageStream(socket));
                var text = await reader.ReadToEndAsync(stopped);
                if (socket.State != WebSocketState.Open)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stopped);
                    break;
                }
                using var message = JsonDocument.Parse(text);
                if (message.RootElement.GetProperty("type").GetString() == "score") // else a heartbeat
                {
                    var score = message.RootElement.GetProperty("score");
                    wallet.LastSeen = score.GetProperty("sequence").GetInt64();
                    wallet.Seen[wallet.LastSeen] = score.GetRawText();
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // Of a refused WebSocket, 429 and 503 say when to try again.
            var refused = socket.HttpResponseHeaders?.GetValueOrDefault("Retry-After")?.FirstOrDefault();
            var wait = int.TryParse(refused, out var told) ? TimeSpan.FromSeconds(told) : TimeSpan.FromSeconds(0.5);
            await Task.Delay(wait, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

// The command gets the key that is used in APIKEY, and prints the new one.
async Task RotateAsync(string command, TimeSpan when)
{
    await Task.Delay(when);
    var start = new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, Environment = { ["APIKEY"] = api.Key } };
    using var process = Process.Start(start)!;
    var key = (await process.StandardOutput.ReadToEndAsync()).Trim();
    await process.WaitForExitAsync();
    if (process.ExitCode != 0 || key.Length == 0 || key.Any(char.IsWhiteSpace))
    {
        problems.Enqueue($"--rotate: the command exited with {process.ExitCode} and printed no key. It must print the new key alone.");
        return;
    }
    await Task.Delay(TimeSpan.FromSeconds(1)); // until then every replica knows it; the old one is valid for the overlap
    api.Key = key;
    rotation = $"rotated after {working.Elapsed.TotalSeconds:0} s";
    Console.WriteLine($"{working.Elapsed.TotalSeconds, 4:0} s  the API key was rotated");
}

// What the service has must be what it acknowledged.
async Task AuditAsync(Wallet wallet)
{
    // Made with the first API key and sent again with the last: idempotency keys belong to the client.
    var (key, first) = wallet.Acknowledged[wallet.Acknowledged.Keys.Min()];
    await ReplayAsync(wallet, key, first);

    List<(long Sequence, string Text)> history = [];
    for (var next = "?limit=100"; next.Length > 0; )
    {
        var page = (await api.SendAsync("GET history", $"/api/score/{wallet.Address}/history{next}")).Json;
        history.AddRange(page.GetProperty("scores").EnumerateArray().Select(s => (s.GetProperty("sequence").GetInt64(), s.GetRawText())));
        next = page.TryGetProperty("next", out var before) ? $"?limit=100&before={before}" : "";
    }
    var stored = wallet.Acknowledged.Count(score => history.Count(s => s == (score.Key, score.Value.Score)) == 1);
    Interlocked.Add(ref once, stored);
    Expect(history.Count == stored, $"{wallet.Address}: the history has {history.Count} scores, of which {stored} are as acknowledged");
    var trend = (await api.SendAsync("GET trends", $"/api/score/{wallet.Address}/trends")).Json.GetProperty("currentScore").GetInt32();
    Expect(trend == JsonDocument.Parse(history[0].Text).RootElement.GetProperty("score").GetInt32(), $"{wallet.Address}: an old trend");
}

int Missed(Wallet wallet) => wallet.Acknowledged.Count(score => wallet.Seen.GetValueOrDefault(score.Key) != score.Value.Score);

async Task PhaseAsync(string name, IAsyncEnumerable<Wallet> borrowers, Func<Wallet, Task> step)
{
    var before = api.Exchanges.Count;
    await Parallel.ForEachAsync(
        borrowers,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (wallet, _) =>
        {
            try
            {
                await step(wallet);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                problems.Enqueue(e.Message);
            }
        }
    );
    Console.WriteLine($"\n{name, -18}{"answers", 9}{"median", 10}{"p95", 10}{"slowest", 10}{"429", 6}{"503", 6}");
    foreach (var route in api.Exchanges.Skip(before).GroupBy(e => e.Route))
    {
        var times = route.Select(e => e.Time.TotalMilliseconds).Order().ToArray();
        Console.WriteLine(
            $"{route.Key, -18}{times.Length, 9}{times[times.Length / 2], 7:0} ms{times[times.Length * 95 / 100], 7:0} ms{times[^1], 7:0} ms"
                + $"{route.Count(e => e.Status == 429), 6}{route.Count(e => e.Status == 503), 6}"
        );
    }
}

void ShowProgress() =>
    Console.WriteLine(
        $"{working.Elapsed.TotalSeconds, 4:0} s  {wallets.Sum(w => w.Acknowledged.Count)} scores, "
            + $"{wallets.Sum(w => w.Seen.Count)} seen live, {approved} loans approved, {declined} declined; {Replicas()}"
    );

string Replicas() =>
    string.Join(
        ", ",
        api.Exchanges.Where(e => e.Replica.Length > 0).CountBy(e => e.Replica).OrderBy(r => r.Key).Select(r => $"{r.Key} {r.Value}")
    );

int Count(int status) => api.Exchanges.Count(e => e.Status == status);

int Report()
{
    var (scores, missed) = (wallets.Sum(w => w.Acknowledged.Count), wallets.Sum(Missed));
    Expect(scores > 0 || !problems.IsEmpty, "No score was computed.");
    Expect(once == scores, $"{scores - once} of {scores} acknowledged scores are not in the histories exactly once.");
    Expect(missed == 0, $"{missed} of {scores} scores were not seen live.");
    Expect(identical == replayed, $"{replayed - identical} of {replayed} replays differ from the first answer.");
    Console.WriteLine(
        $"""

        answered by    {Replicas()}
        refused        {Count(429)} x 429, {Count(503)} x 503, {Count(0)} connections lost: each was sent again
        cache          {api.Exchanges.Count(e => e.Cache == "HIT")} hits, {api.Exchanges.Count(e => e.Cache == "MISS")} misses
        loans          {approved} approved, {declined} declined
        scores         {scores} acknowledged, {once} in the histories exactly once
        live scores    {scores - missed} seen, {missed} missed; {opened} WebSockets opened for {count} wallets
        replays        {replayed}, of which {identical} identical
        API key        {rotation}
        {(problems.IsEmpty ? "Nothing was lost." : "Not everything went well:")}
        """
    );
    foreach (var problem in problems.Take(5))
    {
        Console.WriteLine($"- {problem}");
    }
    return problems.IsEmpty ? 0 : 1;
}

void Expect(bool holds, string otherwise)
{
    if (!holds)
    {
        problems.Enqueue(otherwise);
    }
}

static int Refuse(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}

static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

// A borrower's wallet, with the scores that were acknowledged and those that came live, by their sequence.
internal sealed class Wallet(int number, string address)
{
    public int Applications;

    public int Number { get; } = number;
    public string Address { get; } = address;
    public ConcurrentDictionary<long, (string Key, string Score)> Acknowledged { get; } = [];
    public ConcurrentDictionary<long, string> Seen { get; } = [];
    public long LastSeen { get; set; }
}

// An answer to a request. Status 0: the connection was lost before one came.
internal sealed record Exchange(string Route, int Status, TimeSpan Time, string Replica = "", string Cache = "");

internal sealed record Answer(string Text, bool IsReplay)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Text).RootElement;

    public long Number(string name) => Json.GetProperty(name).GetInt64();
}

// Sends requests until they are answered. Each is safe to send again: a transaction has its hash, a score its Idempotency-Key.
internal sealed partial class Api(Uri gateway, string key) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30); // for how long it is sent again

    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(15) };
    private readonly ConcurrentDictionary<string, DateTime> _notBefore = new(); // by route, as limits are

    public string Key { get; set; } = key;
    public ConcurrentQueue<Exchange> Exchanges { get; } = new();

    // A route is a method and a name.
    public async Task<Answer> SendAsync(string route, string path, string? body = null, string? idempotencyKey = null)
    {
        for (var begun = Stopwatch.StartNew(); ; )
        {
            await WaitForTurnAsync(route);
            using var request = new HttpRequestMessage(HttpMethod.Parse(route.Split(' ')[0]), path) { Headers = { { "X-API-Key", Key } } };
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            if (idempotencyKey is not null)
            {
                request.Headers.Add("Idempotency-Key", $"\"{idempotencyKey}\"");
            }
            var sent = Stopwatch.StartNew();
            try
            {
                using var response = await _http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                var status = (int)response.StatusCode;
                Exchanges.Enqueue(new(route, status, sent.Elapsed, Header(response, "X-Served-By"), Header(response, "X-Cache")));

                // 429 and 503 say when to send it again. RateLimit says before that when nothing is left (r), and when more is (t).
                var again = response.Headers.RetryAfter?.Delta;
                var left = NothingLeft().Match(Header(response, "RateLimit"));
                if (again is null && !left.Success)
                {
                    _notBefore.TryRemove(route, out _);
                }
                else
                {
                    _notBefore[route] = DateTime.UtcNow + (again ?? TimeSpan.FromSeconds(double.Parse(left.Groups[1].ValueSpan)));
                }
                if (again is not null && begun.Elapsed < s_patience)
                {
                    continue;
                }
                return response.IsSuccessStatusCode
                    ? new(text, response.Headers.Contains("Idempotent-Replayed"))
                    : throw new HttpRequestException($"{request.Method} {path}: {status} {text}", null, response.StatusCode);
            }
            catch (Exception e) when (e is HttpRequestException { StatusCode: null } or TaskCanceledException && begun.Elapsed < s_patience)
            {
                Exchanges.Enqueue(new(route, 0, sent.Elapsed));
                await Task.Delay(TimeSpan.FromSeconds(0.5));
            }
        }
    }

    public void Dispose() => _http.Dispose();

    // After a pause one request goes first, and its answer says whether the others may follow.
    private async Task WaitForTurnAsync(string route)
    {
        while (_notBefore.TryGetValue(route, out var time))
        {
            var now = DateTime.UtcNow;
            if (time <= now && _notBefore.TryUpdate(route, now + TimeSpan.FromSeconds(1), time))
            {
                return;
            }
            await Task.Delay(time > now ? time - now : TimeSpan.Zero);
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    [GeneratedRegex(@";r=0;t=(\d+)")]
    private static partial Regex NothingLeft();
}
