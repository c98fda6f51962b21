using System.Globalization;
using Aspire.Hosting.Testing;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Browser;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The whole system with its dashboard, as a user has it in the browser.</summary>
public sealed class ObservedSystem : RunningSystem
{
    private const string Token = "a-token-for-the-tests";
    private readonly int _port = LocalPort.FindFree();

    /// <summary>The monitor's page.</summary>
    public Uri Monitor => Application.GetEndpoint("monitor", "http");

    /// <summary>The dashboard's address that logs in.</summary>
    public Uri Dashboard => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{_port}/login?t={Token}"));

    /// <inheritdoc/>
    protected override bool HasDashboard => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> MoreArguments =>
    [
        string.Create(CultureInfo.InvariantCulture, $"--ASPNETCORE_URLS=http://localhost:{_port}"),
        $"--ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN={Token}",
    ];
}

/// <summary>The tests that look at the running system in a browser.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SystemInTheBrowser : ICollectionFixture<ObservedSystem>, ICollectionFixture<InstalledBrowser>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The running system in a browser";
}
