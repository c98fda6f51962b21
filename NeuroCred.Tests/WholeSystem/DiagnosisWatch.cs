using System.Net.Http.Json;
using NeuroCred.Monitor.Diagnostics;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Reads the diagnosis of a monitor again and again, and tolerates no finding that is not expected.</summary>
internal sealed class DiagnosisWatch(Uri monitor, ITestOutputHelper output) : IDisposable
{
    /// <summary>How long a finding may take to appear, and to go.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    /// <summary>How long what was before a test may stay: the system's start, or what a test that failed has left.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { BaseAddress = monitor, Timeout = TimeSpan.FromSeconds(5) };
    private string[]? _last;

    /// <summary>
    /// Waits until exactly these findings are there. Until then, those that it waited for the last time may still be, and no other; the
    /// first time, any.
    /// </summary>
    /// <param name="expected">The findings: an id, and behind a space the replica where it is about one.</param>
    public async Task BecomesAsync(params string[] expected)
    {
        var before = _last;
        var deadline = before is null ? s_settling : s_deadline;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var diagnosis = await ReadAsync();
            var found = diagnosis.GetProperty("findings").EnumerateArray().Select(Name).Order().ToArray();
            Assert.True(
                before is null || found.All(f => before.Contains(f) || expected.Contains(f)),
                $"After {waited.Elapsed.TotalSeconds:0.0} s, while waiting for [{string.Join(", ", expected)}]:\n{diagnosis}"
            );
            if (found.SequenceEqual(expected.Order()))
            {
                _last = found;
                output.WriteLine($"{waited.Elapsed.TotalSeconds, 5:0.0} s: {diagnosis.GetProperty("summary").GetString()}");
                foreach (var finding in diagnosis.GetProperty("findings").EnumerateArray())
                {
                    output.WriteLine(
                        string.Join('\n', finding.GetProperty("evidence").EnumerateArray().Select(e => $"         {e.GetString()}"))
                    );
                }

                return;
            }

            Assert.True(
                waited.Elapsed < deadline,
                $"[{string.Join(", ", expected)}] did not appear alone within {deadline.TotalSeconds} s:\n{diagnosis}"
            );
            await Task.Delay(s_interval, Cancellation);
        }
    }

    /// <summary>Watches until something is done. Until then there are no findings but those that are allowed.</summary>
    /// <param name="done">What to wait for.</param>
    /// <param name="allowed">The findings that may be there, named as in <see cref="BecomesAsync"/>.</param>
    public async Task AllowsOnlyUntilAsync(Task done, params string[] allowed)
    {
        for (var watched = Stopwatch.StartNew(); !done.IsCompleted; )
        {
            var diagnosis = await ReadAsync();
            Assert.True(
                diagnosis.GetProperty("findings").EnumerateArray().Select(Name).All(allowed.Contains),
                $"After {watched.Elapsed.TotalSeconds:0.0} s, with only [{string.Join(", ", allowed)}] allowed:\n{diagnosis}"
            );
            await Task.Delay(s_interval, Cancellation);
        }

        await done;
    }

    public void Dispose() => _http.Dispose();

    // It answers once it has looked for the first time.
    private async Task<JsonElement> ReadAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(s_interval, Cancellation))
        {
            try
            {
                using var response = await _http.GetAsync("/diagnosis", Cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
                }

                Assert.True(waited.Elapsed < s_deadline, $"The monitor answers {(int)response.StatusCode}.");
            }
            catch (Exception e)
                when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException } && waited.Elapsed < s_deadline
                )
            {
                // Not listening yet, or busy with its start.
            }
        }
    }

    private static string Name(JsonElement finding) =>
        FindingIds.KeyOf(
            finding.GetProperty("id").GetString()!,
            [.. finding.GetProperty("replicas").EnumerateArray().Select(r => r.GetString()!)]
        );
}
