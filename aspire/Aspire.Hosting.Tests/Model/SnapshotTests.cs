using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Model;

public sealed class SnapshotTests
{
    private static readonly CustomResourceSnapshot s_running = new() { ResourceType = "Executable", Properties = [], State = KnownResourceStates.Running };

    [Fact]
    public void Health_is_the_worst_of_the_reports_and_a_missing_one_is_the_worst_of_all()
    {
        Assert.Equal(HealthStatus.Healthy, s_running.HealthStatus);
        Assert.Equal(HealthStatus.Healthy, With(HealthStatus.Healthy, HealthStatus.Healthy).HealthStatus);
        Assert.Equal(HealthStatus.Degraded, With(HealthStatus.Healthy, HealthStatus.Degraded).HealthStatus);
        Assert.Equal(HealthStatus.Unhealthy, With(HealthStatus.Degraded, HealthStatus.Unhealthy).HealthStatus);
        Assert.Equal(HealthStatus.Unhealthy, With(HealthStatus.Healthy, null).HealthStatus);
    }

    [Fact]
    public void What_does_not_run_has_no_health()
    {
        Assert.All([null, "NotStarted", "Waiting", "Starting", "Stopping", "Exited"], state => Assert.Null((With(HealthStatus.Healthy) with { State = state }).HealthStatus));
    }

    [Fact]
    public void Two_states_are_the_same_when_a_watcher_could_not_tell_them_apart()
    {
        Assert.True(ResourceSnapshots.AreSame(Filled(), Filled()));
    }

    [Fact]
    public void Every_part_of_a_state_that_differs_makes_a_difference()
    {
        CustomResourceSnapshot[] others =
        [
            Filled() with { State = KnownResourceStates.Exited },
            Filled() with { State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success) },
            Filled() with { ExitCode = 1 },
            Filled() with { StartTimeStamp = DateTime.UnixEpoch },
            Filled() with { IsHidden = true },
            Filled() with { Properties = [new("a", "other")] },
            Filled() with { Properties = [new("a", "1") { IsSensitive = true }] },
            Filled() with { EnvironmentVariables = [] },
            Filled() with { Urls = [new("http", "http://localhost:2", false)] },
            Filled() with { Volumes = [new("data", "/data", "volume", true)] },
            Filled() with { Commands = [] },
            Filled() with { Relationships = [new("db", "Parent")] },
            Filled() with { HealthReports = [new("check", HealthStatus.Healthy, null, null)] },
        ];
        Assert.All(others, other => Assert.False(ResourceSnapshots.AreSame(Filled(), other)));
    }

    [Fact]
    public async Task The_first_state_tells_kind_icon_relations_and_checks_to_come()
    {
        await using var model = new BuiltModel(builder =>
        {
            var program = builder.CreateResourceBuilder((ExecutableResource)builder.Resources.Single());
            program.WithIconName("Beaker").WithHealthCheck("check").WithReferenceRelationship(builder.AddProgram("other").Resource);
        });
        await model.PublishAsync("NotStarted");
        var snapshot = model.Current;
        Assert.Equal("Executable", snapshot.ResourceType);
        Assert.Equal(("Beaker", IconVariant.Filled), (snapshot.IconName, snapshot.IconVariant));
        Assert.Equal<RelationshipSnapshot>([new("other", "Reference")], snapshot.Relationships);
        Assert.Equal<HealthReportSnapshot>([new("check", null, null, null)], snapshot.HealthReports);
        Assert.NotNull(snapshot.CreationTimeStamp);
    }

    [Fact]
    public async Task A_resource_may_bring_its_first_state_with_it()
    {
        var builder = TestModel.CreateBuilder();
        var custom = builder.AddResource(new Weather("weather"))
            .WithAnnotation(new ResourceSnapshotAnnotation(new() { ResourceType = "Sky", Properties = [new("wind", "west")], State = "Cloudy" }));
        Assert.Equal("Weather", ResourceSnapshots.CreateInitial(new Weather("other")).ResourceType);
        await using var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.ResourceNotifications.PublishUpdateAsync(custom.Resource, s => s with { ExitCode = 1 });
        Assert.True(application.ResourceNotifications.TryGetCurrentState("weather", out var state));
        Assert.Equal(("Sky", "Cloudy", 1), (state.Snapshot.ResourceType, state.Snapshot.State!.Text, state.Snapshot.ExitCode));
    }

    private static CustomResourceSnapshot With(params HealthStatus?[] statuses)
        => s_running with { HealthReports = [.. statuses.Select((s, i) => new HealthReportSnapshot($"check-{i}", s, null, null))] };

    private static CustomResourceSnapshot Filled() => s_running with
    {
        Properties = [new("a", "1")],
        EnvironmentVariables = [new("A", "1", IsFromSpec: true)],
        Urls = [new("http", "http://localhost:1", false)],
        Volumes = [new("data", "/data", "volume", false)],
        Commands = [new("start", ResourceCommandState.Enabled, "Start", null, null, null, null, null, true)],
        Relationships = ImmutableArray.Create(new RelationshipSnapshot("db", "Reference")),
        HealthReports = [new("check", HealthStatus.Degraded, null, null)],
    };

    private sealed class Weather(string name) : Resource(name);
}
