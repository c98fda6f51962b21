using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A <see cref="FreshSystem"/>, started once for all tests that share it.</summary>
public class RunningSystem : IAsyncLifetime
{
    /// <summary>For how long the gateway holds a request here: a busy machine may need more than the default until replicas have
    /// started.</summary>
    public static readonly TimeSpan HoldingTime = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(3);
    private DistributedApplication? _application;
    private SpanCollector? _spans;

    /// <summary>The application under test.</summary>
    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The system is not started.");

    /// <summary>The gateway's address.</summary>
    public Uri Gateway => Application.GetEndpoint("gateway", "http");

    /// <summary>The one replica that sends its spans to a test: what the others do to the machine is measured.</summary>
    public const string Traced = "api-1";

    /// <summary>What <see cref="Traced"/> sends.</summary>
    internal SpanCollector Spans => _spans ?? throw new InvalidOperationException("The system is not started.");

    /// <summary>The replicas' names.</summary>
    public static IReadOnlyList<string> Replicas { get; } = ["api-1", "api-2", "api-3"];

    /// <summary>Whether the dashboard runs too. It takes its part of a small machine, so it does where it is what a test is
    /// about.</summary>
    protected virtual bool HasDashboard => false;

    /// <summary>What Redis, Postgres and nginx run as.</summary>
    protected virtual string Runtime => "processes";

    /// <summary>What else the AppHost is told.</summary>
    protected virtual IReadOnlyList<string> MoreArguments => [];

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(s_startTimeout);
        var builder = await FreshSystem.CreateBuilderAsync(
            Runtime,
            [$"--Balancing:Holding:Time={HoldingTime.TotalSeconds}s", .. MoreArguments],
            HasDashboard,
            timeout.Token
        );
        Configure(builder);
        _spans = await SpanCollector.StartAsync();
        _spans.Receive(builder, Traced);
        _application = await builder.BuildAsync(timeout.Token);
        await _application.StartAsync(timeout.Token);
        foreach (var name in Replicas.Append("gateway"))
        {
            await _application.ResourceNotifications.WaitForResourceHealthyAsync(name, timeout.Token);
        }

        await WarmUpAsync(timeout.Token);
    }

    /// <summary>Changes what the AppHost has put together.</summary>
    protected virtual void Configure(IDistributedApplicationBuilder builder) { }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            await application.StopAsync();
            await application.DisposeAsync();
        }

        if (_spans is { } spans)
        {
            await spans.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Sends writes, one after the other, until each replica has compiled what they need. A fixed rate that meets nothing but cold replicas
    /// on a small machine piles up, and a test would tell of that instead of what it is about.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Gateway, Timeout = TimeSpan.FromSeconds(15) };
        var workload = new Workload($"warm {Guid.NewGuid():N}", Workload.AddressOf("nobody"));
        for (var i = 0; i < 60; i++)
        {
            using var request = workload.NextWrite(i).CreateRequest();
            using var response = await http.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Clients that write through the gateway at a fixed rate.</summary>
    public OpenLoopClient Writers(string name, int requestsPerSecond = 50, Connections connections = Connections.KeepAlive) =>
        new(Gateway, connections, requestsPerSecond, new Workload($"{name} {Guid.NewGuid():N}", Workload.AddressOf("nobody")).NextWrite);

    /// <summary>Waits until the gateway sends requests to a replica: for a while after a failure it does not, also when that one is
    /// back.</summary>
    public async Task WaitUntilServingAsync(string replica, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Gateway };
        while (true)
        {
            using var response = await http.GetAsync("/health", cancellationToken);
            if (response.Headers.TryGetValues("X-Served-By", out var servedBy) && servedBy.Contains(replica))
            {
                return;
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>
    /// Waits until every replica looks scores up in the cache: for some seconds after Redis failed, or was late, none does.
    /// </summary>
    public async Task WaitUntilCachingAsync(CancellationToken cancellationToken)
    {
        var wallet = await Workload.CreateScoredWalletAsync(Gateway, $"cached {Guid.NewGuid():N}", cancellationToken);
        foreach (var replica in Replicas)
        {
            using var client = new HttpClient { BaseAddress = AddressOf(replica) };
            await Until.HoldsAsync(
                async () =>
                {
                    using var request = Workload.Get($"/api/score/{wallet}");
                    using var response = await client.SendAsync(request, cancellationToken);
                    return response.Headers.TryGetValues("X-Cache", out var cache) && cache.Contains("HIT");
                },
                TimeSpan.FromMinutes(1),
                () => $"{replica} does not use the cache."
            );
        }
    }

    /// <summary>Runs the command "API keys", such as <c>create --client lender --scopes read</c>.</summary>
    public Task<ExecuteCommandResult> RunKeysCommandAsync(string arguments) =>
        Application.ResourceCommands.ExecuteCommandAsync(
            "api-1",
            "keys",
            new([
                new()
                {
                    Name = "arguments",
                    InputType = InputType.Text,
                    Value = arguments,
                },
            ]),
            Cancellation
        );

    /// <summary>The id of a resource's process, or null when it has none.</summary>
    public int? GetPid(string resourceName) => Application.FindPid(resourceName);

    /// <summary>The name of a resource's state.</summary>
    public string? GetState(string resourceName) =>
        Application.ResourceNotifications.TryGetCurrentState(resourceName, out var state) ? state.Snapshot.State?.Text : null;

    /// <summary>Whether a resource is healthy; null when it does not run.</summary>
    public HealthStatus? GetHealth(string resourceName) =>
        Application.ResourceNotifications.TryGetCurrentState(resourceName, out var state) ? state.Snapshot.HealthStatus : null;

    /// <summary>A replica's own address.</summary>
    public Uri AddressOf(string replica) => Application.GetEndpoint(replica, "http");

    /// <summary>Where a replica, or the monitor, has its metrics.</summary>
    public Uri ManagementAddressOf(string service) => Application.GetEndpoint(service, service == "monitor" ? "http" : "management");

    /// <summary>Does to a resource what a button on the dashboard does.</summary>
    public Task ExecuteAsync(string resourceName, string command) => Application.ExecuteAsync(resourceName, command);

    /// <summary>What a resource has written so far.</summary>
    public async Task<IReadOnlyList<string>> GetLogAsync(string resourceName)
    {
        var lines = new List<string>();
        if (Application.ResourceNotifications.TryGetCurrentState(resourceName, out var state))
        {
            await foreach (var batch in Application.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(state.ResourceId))
            {
                lines.AddRange(batch.Select(l => l.Content));
            }
        }

        return lines;
    }

    /// <summary>Waits until a resource has written something.</summary>
    public Task WaitForLogAsync(string resourceName, string text) =>
        Until.HoldsAsync(
            async () => (await GetLogAsync(resourceName)).Any(line => line.Contains(text, StringComparison.Ordinal)),
            TimeSpan.FromMinutes(2),
            () => $"The log of {resourceName} does not say: {text}"
        );

    /// <summary>The connection string of the replicas' database, for its owner.</summary>
    public async Task<string> GetDatabaseAsync() => (await Application.GetConnectionStringAsync("neurocred", Cancellation))!;

    /// <summary>Asserts that every acknowledged write is stored, and no write twice.</summary>
    internal async Task AssertStoredOnceAsync(IReadOnlyCollection<Outcome> outcomes) =>
        await StoredWrites.AssertStoredOnceAsync(await GetDatabaseAsync(), outcomes);

    /// <summary>Writes what clients noticed, and of the first failed requests what the gateway's log knows.</summary>
    internal Task ReportAsync(IReadOnlyList<Outcome> outcomes, ITestOutputHelper output)
    {
        output.WriteLine($"{Distribution.Describe(outcomes)}.");
        return ReportFailuresAsync(outcomes, output);
    }

    /// <summary>Writes of the first failed requests what the gateway's log knows: which replicas were asked, and what each said.</summary>
    internal async Task ReportFailuresAsync(IReadOnlyList<Outcome> outcomes, ITestOutputHelper output)
    {
        var failed = outcomes.Where(o => o.Failed).OrderBy(o => o.Due).Take(20).ToList();
        if (failed is [])
        {
            return;
        }

        // The gateway flushes its log once a second.
        var lines = Array.Empty<string>();
        var deadline = Stopwatch.StartNew();
        while (
            !failed.Where(o => o.RequestId is not null).All(o => lines.Any(line => line.Contains(o.RequestId!, StringComparison.Ordinal)))
            && deadline.Elapsed < TimeSpan.FromSeconds(3)
        )
        {
            lines = [.. await GetLogAsync("gateway")];
        }

        foreach (var outcome in failed)
        {
            output.WriteLine(outcome.ToString());
            output.WriteLine(
                lines.FirstOrDefault(line => outcome.RequestId is { } id && line.Contains(id, StringComparison.Ordinal))
                    ?? "(not in the gateway's log)"
            );
        }
    }
}

/// <summary>The tests that share one running system.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSystem : ICollectionFixture<RunningSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The running system";
}
