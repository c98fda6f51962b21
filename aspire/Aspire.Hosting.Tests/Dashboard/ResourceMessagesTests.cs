using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Tests.Dashboard;

public class ResourceMessagesTests
{
    private static readonly DateTime s_time = new(2026, 9, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_running_resource_is_told_with_its_id_its_name_its_state_and_its_times()
    {
        var message = Tell(Running with { CreationTimeStamp = s_time, StartTimeStamp = s_time.AddSeconds(1) });

        Assert.Equal("api-abcdefgh", message.Name);
        Assert.Equal("api-abcdefgh", message.Uid);
        Assert.Equal("api", message.DisplayName);
        Assert.Equal("Project", message.ResourceType);
        Assert.Equal("Running", message.State);
        Assert.False(message.HasStateStyle);
        Assert.Equal(Timestamp.FromDateTime(s_time), message.CreatedAt);
        Assert.Equal(Timestamp.FromDateTime(s_time.AddSeconds(1)), message.StartedAt);
        Assert.Null(message.StoppedAt);
        Assert.False(message.IsHidden);
        Assert.DoesNotContain(message.Properties, p => p.Name == "resource.exitCode");
    }

    [Fact]
    public void A_resource_that_crashed_is_told_with_its_exit_code_and_looks_bad()
    {
        var message = Tell(Running with { State = new("Finished", KnownResourceStateStyles.Error), ExitCode = 3, StopTimeStamp = s_time });

        Assert.Equal("error", message.StateStyle);
        Assert.Equal(Timestamp.FromDateTime(s_time), message.StoppedAt);
        Assert.Equal(3, Property(message, "resource.exitCode").Value.NumberValue);
    }

    [Fact]
    public void A_secret_is_flagged_and_an_open_value_is_not()
    {
        var message = Tell(Running with
        {
            Properties = [new("Value", "hunter2") { IsSensitive = true }, new("resource.source", "Parameters:apikey")],
        });

        Assert.True(Property(message, "Value").IsSensitive);
        Assert.Equal("hunter2", Property(message, "Value").Value.StringValue);
        Assert.False(Property(message, "resource.source").IsSensitive);
    }

    [Fact]
    public void Arguments_are_a_list_and_secret_ones_are_masked_in_the_table_as_in_the_details()
    {
        string[] arguments = ["--key", "hunter2"];
        var message = Tell(Running with { Properties = [new("executable.args", arguments) { IsSensitive = true }] });

        Assert.True(Property(message, "executable.args").IsSensitive);
        Assert.Equal(arguments, Property(message, "executable.args").Value.ListValue.Values.Select(v => v.StringValue));
        Assert.Equal(arguments, Property(message, "resource.appArgs").Value.ListValue.Values.Select(v => v.StringValue));
        Assert.Equal([1, 1], Property(message, "resource.appArgsSensitivity").Value.ListValue.Values.Select(v => v.NumberValue));
    }

    [Fact]
    public void What_the_resource_says_of_its_arguments_itself_is_believed()
    {
        string[] arguments = ["--key", "hunter2"];
        int[] sensitivity = [0, 1];
        var message = Tell(Running with
        {
            Properties =
            [
                new("executable.args", arguments) { IsSensitive = true },
                new("resource.appArgs", arguments) { IsSensitive = true },
                new("resource.appArgsSensitivity", sensitivity),
            ],
        });

        Assert.Equal([0, 1], Property(message, "resource.appArgsSensitivity").Value.ListValue.Values.Select(v => v.NumberValue));
    }

    [Fact]
    public void A_check_that_has_not_reported_yet_has_no_status()
    {
        var message = Tell(Running with
        {
            HealthReports =
            [
                new("new", null, null, null),
                new("ill", HealthStatus.Unhealthy, "No answer.", "Connection refused") { LastRunAt = s_time },
                new("tired", HealthStatus.Degraded, null, null),
                new("well", HealthStatus.Healthy, null, null),
            ],
        });

        Assert.Equal(["new", "ill", "tired", "well"], message.HealthReports.Select(r => r.Key));
        Assert.Equal([false, true, true, true], message.HealthReports.Select(r => r.HasStatus));
        Assert.Equal(
            [Wire.HealthStatus.Unhealthy, Wire.HealthStatus.Degraded, Wire.HealthStatus.Healthy],
            message.HealthReports.Skip(1).Select(r => r.Status));
        Assert.Equal("No answer.", message.HealthReports[1].Description);
        Assert.Equal("Connection refused", message.HealthReports[1].Exception);
        Assert.Equal(Timestamp.FromDateTime(s_time), message.HealthReports[1].LastRunAt);
        Assert.Null(message.HealthReports[0].LastRunAt);
        Assert.Equal("Unhealthy", Property(message, "resource.healthState").Value.StringValue);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("NotStarted", true)]
    [InlineData("Waiting", true)]
    [InlineData("Starting", true)]
    [InlineData("Running", false)]
    [InlineData("Stopping", false)]
    [InlineData("A state of its own", false)]
    [InlineData("Exited", true)]
    [InlineData("Finished", true)]
    [InlineData("FailedToStart", true)]
    public void A_URL_is_a_link_only_while_someone_answers_there(string? state, bool isInactive)
    {
        var message = Tell(Running with
        {
            State = state,
            Urls = [new("http", "http://localhost:4001", IsInternal: false) { DisplayProperties = new("Gateway", 7) }, new(null, "http://localhost:4001/docs", IsInternal: true)],
        });

        Assert.Equal([isInactive, isInactive], message.Urls.Select(u => u.IsInactive));
        Assert.Equal([false, true], message.Urls.Select(u => u.IsInternal));
        Assert.Equal("http", message.Urls[0].EndpointName);
        Assert.False(message.Urls[1].HasEndpointName);
        Assert.Equal(("Gateway", 7), (message.Urls[0].DisplayProperties.DisplayName, message.Urls[0].DisplayProperties.SortOrder));
    }

    [Fact]
    public void Commands_are_told_with_their_state_their_icon_and_what_is_asked_first()
    {
        var message = Tell(Running with
        {
            Commands =
            [
                new("stop", ResourceCommandState.Enabled, "Stop", "Stop it.", null, "Really?", "Stop", IconVariant.Filled, IsHighlighted: true),
                new("restart", ResourceCommandState.Disabled, "Restart", null, null, null, null, null, IsHighlighted: false),
                new("start", ResourceCommandState.Hidden, "Start", null, null, null, "Play", null, IsHighlighted: false),
            ],
        });

        Assert.Equal(["stop", "restart", "start"], message.Commands.Select(c => c.Name));
        Assert.Equal(["ENABLED", "DISABLED", "HIDDEN"], message.Commands.Select(c => c.State.ToString().ToUpperInvariant()));
        Assert.Equal([true, false, false], message.Commands.Select(c => c.IsHighlighted));
        Assert.Equal(("Stop it.", "Really?", "Stop"), (message.Commands[0].DisplayDescription, message.Commands[0].ConfirmationMessage, message.Commands[0].IconName));
        Assert.Equal(Wire.IconVariant.Filled, message.Commands[0].IconVariant);
        Assert.False(message.Commands[1].HasConfirmationMessage);
        Assert.False(message.Commands[1].HasIconName);
        Assert.Equal(Wire.IconVariant.Regular, message.Commands[2].IconVariant);
    }

    [Fact]
    public void Environment_relations_volumes_and_icon_are_told()
    {
        var message = Tell(Running with
        {
            EnvironmentVariables = [new("A", "1", IsFromSpec: true), new("B", null, IsFromSpec: false)],
            Relationships = [new("redis", "Reference")],
            Volumes = [new("data", "/data", "volume", IsReadOnly: true), new(null, "/tmp", "volume", IsReadOnly: false)],
            IconName = "Clock",
        });

        Assert.Equal([("A", "1", true), ("B", "", false)], message.Environment.Select(v => (v.Name, v.Value, v.IsFromSpec)));
        Assert.False(message.Environment[1].HasValue);
        Assert.Equal([("redis", "Reference")], message.Relationships.Select(r => (r.ResourceName, r.Type)));
        Assert.Equal([("data", "/data", "volume", true), ("", "/tmp", "volume", false)], message.Volumes.Select(v => (v.Source, v.Target, v.MountType, v.IsReadOnly)));
        Assert.Equal("Clock", message.IconName);
    }

    [Fact]
    public void A_hidden_resource_is_told_to_be_hidden()
    {
        Assert.True(Tell(Running with { IsHidden = true }).IsHidden);
        Assert.True(Tell(Running with { State = KnownResourceStates.Hidden }).IsHidden);
    }

    [Fact]
    public void Values_keep_their_kind()
    {
        Assert.Equal(Value.KindOneofCase.NullValue, WireValues.ToWire((object?)null).KindCase);
        Assert.True(WireValues.ToWire(true).BoolValue);
        Assert.Equal(42, WireValues.ToWire(42).NumberValue);
        Assert.Equal("2026-09-01T12:00:00.0000000Z", WireValues.ToWire((object)s_time).StringValue);
        Assert.Equal("00:00:05", WireValues.ToWire(TimeSpan.FromSeconds(5)).StringValue);
    }

    private static CustomResourceSnapshot Running { get; } = new() { ResourceType = "Project", Properties = [], State = KnownResourceStates.Running };

    private static Wire.Resource Tell(CustomResourceSnapshot snapshot)
        => ResourceMessages.Create(new ResourceEvent(new ExecutableResource("api", "dotnet", "."), "api-abcdefgh", snapshot));

    private static Wire.ResourceProperty Property(Wire.Resource message, string name)
        => Assert.Single(message.Properties, p => p.Name == name);
}
