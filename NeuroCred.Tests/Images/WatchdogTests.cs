using Microsoft.AspNetCore.Http;

namespace NeuroCred.Tests.Images;

/// <summary>The scripts that every service's image starts with, around a program that stands for the service.</summary>
[StartsProcesses]
public sealed class WatchdogTests : IDisposable
{
    private const string Service = "NeuroCred.Api";
    private const string Busy = "while :; do :; done";
    private const int EndedBySigkill = 128 + 9;

    // So long that no answer that is sent at once is late, on a machine that is busy with other tests.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly string s_scripts = Path.Combine(Repository.Folder, "eng", "images", "service");

    private readonly TemporaryFolder _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task A_service_that_hangs_is_ended_and_one_that_was_slow_once_is_not()
    {
        var asked = 0;
        var slow = new TaskCompletionSource();
        var hangs = new TaskCompletionSource();
        await using var service = await StubReplica.StartAsync(
            "api",
            async context =>
            {
                // The second question is answered late, the third in time, and from the fifth on none.
                var number = Interlocked.Increment(ref asked);
                if (number == 2)
                {
                    slow.SetResult();
                    await Task.Delay(2 * s_timeout, context.RequestAborted);
                }
                else if (number >= 5)
                {
                    hangs.TrySetResult();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }
            }
        );
        using var process = Serve("exec sleep 600", service.Port);

        await slow.Task.WaitAsync(s_deadline, Cancellation);
        await hangs.Task.WaitAsync(s_deadline, Cancellation);
        var hung = Stopwatch.GetTimestamp();
        Assert.Equal(EndedBySigkill, await WaitForEndAsync(process));
        Assert.InRange(Stopwatch.GetElapsedTime(hung), 2 * s_timeout, s_deadline);
        Assert.Contains("3 times in a row", await process.StandardError.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_busy_and_answers_late_is_left_alone()
    {
        var late = 0;
        var enough = new TaskCompletionSource();
        await using var service = await StubReplica.StartAsync(
            "api",
            async context =>
            {
                // In time once, so that it has lived; from then on it answers what waits long enough.
                if (Interlocked.Increment(ref late) > 1)
                {
                    await Task.Delay(2 * s_timeout, context.RequestAborted);
                    if (late > 8)
                    {
                        enough.TrySetResult();
                    }
                }
            }
        );
        using var process = Serve(Busy, service.Port);

        await Task.WhenAny(enough.Task, process.WaitForExitAsync(Cancellation)).WaitAsync(s_deadline, Cancellation);

        Assert.False(process.HasExited, "It was ended.");
        process.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task A_service_that_is_busy_for_ever_is_ended()
    {
        var asked = 0;
        await using var service = await StubReplica.StartAsync(
            "api",
            context => Interlocked.Increment(ref asked) > 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask
        );
        using var process = Serve(Busy, service.Port);

        Assert.Equal(EndedBySigkill, await WaitForEndAsync(process));
        Assert.Contains("10 s by a service that works", await process.StandardError.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_service_is_told_to_stop_at_once()
    {
        var late = new TaskCompletionSource();
        var asked = 0;
        await using var service = await StubReplica.StartAsync(
            "api",
            async context =>
            {
                if (Interlocked.Increment(ref asked) > 1)
                {
                    if (asked > 2)
                    {
                        late.TrySetResult(); // the question that has 10 s
                    }

                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }
            }
        );
        using var process = Serve("trap 'exit 5' TERM; while :; do :; done", service.Port);
        await late.Task.WaitAsync(s_deadline, Cancellation);
        var told = Stopwatch.GetTimestamp();

        Assert.True(UnixSignal.Terminate.SendTo(process.Id));

        Assert.Equal(5, await WaitForEndAsync(process));
        Assert.InRange(Stopwatch.GetElapsedTime(told), TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_service_that_does_not_listen_yet_is_left_alone()
    {
        using var process = Serve("sleep 3; exit 7", port: 9);

        Assert.Equal(7, await WaitForEndAsync(process));
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_takes_the_time_it_needs()
    {
        using var process = Serve("trap 'sleep 2; echo left; exit 0' TERM; echo runs; while :; do sleep 0.1; done", port: 9);
        Assert.Equal("runs", await process.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_deadline, Cancellation));

        Assert.True(UnixSignal.Terminate.SendTo(process.Id));

        Assert.Equal("left", await process.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_deadline, Cancellation));
        Assert.Equal(0, await WaitForEndAsync(process));
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData(Service, "migrate")]
    public async Task A_verb_is_run_to_its_end(params string[] command)
    {
        using var process = Serve("echo \"$@\"; exit 3", port: 9, command);

        Assert.Equal("migrate", await process.StandardOutput.ReadLineAsync(Cancellation));
        Assert.Equal(3, await WaitForEndAsync(process));
    }

    [Theory]
    [InlineData(StatusCodes.Status200OK, 0)]
    [InlineData(StatusCodes.Status503ServiceUnavailable, 1)]
    [InlineData(StatusCodes.Status404NotFound, 1)]
    public async Task Only_an_answer_of_200_is_health(int status, int code)
    {
        await using var service = await StubReplica.StartAsync(
            "api",
            context =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            }
        );
        using var process = Start("ask", service.Port, "/health/ready", "2");

        Assert.Equal(code, await WaitForEndAsync(process));
        Assert.Equal("/health/ready", Assert.Single(service.Requests).Path);
    }

    [Fact]
    public async Task The_health_check_asks_for_readiness_until_that_was_met_and_is_then_as_patient_as_the_watchdog()
    {
        var ready = false;
        await using var service = await StubReplica.StartAsync(
            "api",
            async context =>
            {
                if (context.Request.Path == "/health")
                {
                    // Longer than the 4 s that readiness has.
                    await Task.Delay(TimeSpan.FromSeconds(5), context.RequestAborted);
                }
                else if (!ready)
                {
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                }
            }
        );
        async Task<int> CheckAsync()
        {
            using var process = Start("health", service.Port);
            return await WaitForEndAsync(process);
        }

        var before = await CheckAsync();
        ready = true;
        var met = await CheckAsync();
        ready = false;
        var busy = await CheckAsync();

        Assert.Equal((1, 0, 0), (before, met, busy));
        Assert.Equal(["/health/ready", "/health/ready", "/health"], service.Requests.Select(request => request.Path));
    }

    private static async Task<int> WaitForEndAsync(Process process)
    {
        await process.WaitForExitAsync(Cancellation).WaitAsync(s_deadline, Cancellation);
        return process.ExitCode;
    }

    private Process Serve(string service, int port, params string[] arguments)
    {
        _programs.Write(Service, $"#!/bin/bash\n{service}\n");
        return Start("serve", port, arguments);
    }

    private Process Start(string script, int port, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(s_scripts, script), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_programs.Path}:{s_scripts}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TMPDIR"] = _programs.Path;
        start.Environment["SERVICE"] = Service;
        start.Environment["ASPNETCORE_HTTP_PORTS"] = $"{port}";
        start.Environment["LIVENESS_FAILURES"] = "3";
        start.Environment["LIVENESS_INTERVAL"] = "0.2";
        start.Environment["LIVENESS_TIMEOUT"] = $"{s_timeout.TotalSeconds}";
        return Process.Start(start)!;
    }
}
