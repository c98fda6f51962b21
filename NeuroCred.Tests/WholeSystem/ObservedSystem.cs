using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using NeuroCred.Tests.Browser;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The whole system with its dashboard, small pools, and a monitor that looks at short windows: seconds matter where findings come
/// and go.</summary>
public sealed class ObservedSystem : RunningSystem
{
    private const string Token = "a-token-for-the-tests";

    /// <summary>Whether the pictures of the documentation are made on the way (NEUROCRED_PICTURES). They show the monitor with its
    /// defaults.</summary>
    public static bool IsForPictures { get; } = Environment.GetEnvironmentVariable("NEUROCRED_PICTURES") is { Length: > 0 };

    /// <summary>The monitor's page.</summary>
    public Uri Monitor => Application.GetEndpoint("monitor", "http");

    /// <summary>The dashboard's address that logs in.</summary>
    public Uri Dashboard => new(Application.GetEndpoint("aspire-dashboard", "http"), $"/login?t={Token}");

    /// <summary>A wallet with a score.</summary>
    internal string Wallet { get; private set; } = "";

    /// <summary>Where its score is.</summary>
    internal string ScorePath => $"/api/score/{Wallet}";

    /// <inheritdoc/>
    protected override bool HasDashboard => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> MoreArguments =>
        [
            $"--ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN={Token}",
            "--Balancing:Health:Readiness:Interval=1s",
            "--Balancing:Health:Readiness:Timeout=1s",
        ];

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Application.ResourceNotifications.WaitForResourceHealthyAsync("aspire-dashboard");
        Wallet = await Workload.CreateScoredWalletAsync(Gateway, "observed", CancellationToken.None);
    }

    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>().Where(_ => !IsForPictures))
        {
            builder
                .CreateResourceBuilder(project)
                .WithEnvironment("Postgres__PoolSize", "3")
                .WithEnvironment("Monitor__Window", "2s")
                .WithEnvironment("Monitor__LatencyObjective", "50ms");
        }
    }
}

/// <summary>The tests that share the observed system.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedObservedSystem : ICollectionFixture<ObservedSystem>, ICollectionFixture<InstalledBrowser>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The observed system";
}
