using NeuroCred.AppHost.Runtime;

namespace NeuroCred.Tests.AppHost;

/// <summary>What runs Redis, Postgres and nginx, and what a user is told about it.</summary>
[StartsProcesses]
public sealed class ChosenRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private IReadOnlyList<string> _errors = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_an_engine_answers_they_are_containers()
    {
        var runtime = await ReadAsync(null, Client("28.2.2", "echo 28.2.2"));

        Assert.True(runtime.UsesContainers);
        Assert.Empty(_errors);
        Assert.EndsWith("answers", runtime.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20.10.24", "echo 20.10.24", "the Docker client is 20.10.24, and Aspire needs 25 or newer")]
    [InlineData("28.2.2", "echo nobody >&2; exit 1", "no engine answers")]
    [InlineData("28.2.2", "exec sleep 60", "did not answer in time")]
    public async Task Where_none_can_be_used_they_are_processes_and_the_reason_is_told(string client, string info, string reason)
    {
        var program = Client(client, info);

        var auto = await ReadAsync("auto", program);
        Assert.False(auto.UsesContainers);
        Assert.Empty(_errors);
        Assert.Contains(reason, auto.Reason, StringComparison.Ordinal);

        await ReadAsync("containers", program);
        Assert.StartsWith("NEUROCRED_RUNTIME is 'containers', but", Assert.Single(_errors), StringComparison.Ordinal);
        Assert.Contains(reason, _errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_hides_no_other_that_does()
    {
        var hanging = Client("28.2.2", "exec sleep 60");
        var podman = Client("5.4.0", "echo 5.4.0", "podman");

        var runtime = await ChosenRuntime.ReadAsync(GivenSettings.Of(), [hanging, podman]);

        Assert.True(runtime.UsesContainers, runtime.Reason);
        Assert.Equal(podman, runtime.Engine);
    }

    [Fact]
    public async Task Without_the_program_they_are_processes()
    {
        var runtime = await ReadAsync("", "/no/such/docker");

        Assert.False(runtime.UsesContainers);
        Assert.Equal("there is no program '/no/such/docker'", runtime.Reason);
    }

    [Fact]
    public async Task Processes_can_be_asked_for_and_then_no_engine_is()
    {
        var runtime = await ReadAsync("processes", Client("28.2.2", $"touch {_folder.Path}/asked"));

        Assert.False(runtime.UsesContainers);
        Assert.False(File.Exists($"{_folder.Path}/asked"));
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("Containers")]
    public async Task Another_value_is_named_with_the_key_and_what_may_be_given(string value)
    {
        await ReadAsync(value, "/no/such/docker");

        Assert.Equal([$"NEUROCRED_RUNTIME is '{value}': give auto, containers or processes."], _errors);
    }

    /// <summary>A client of an engine: a program that answers <c>version</c> by its own version, and <c>info</c> by a line of
    /// shell.</summary>
    private string Client(string version, string info, string name = "docker")
    {
        var path = _folder.At(name);
        File.WriteAllText(path, $"#!/bin/sh\ncase $1 in\nversion) echo {version} ;;\ninfo) {info} ;;\n*) exit 1 ;;\nesac\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private async Task<ChosenRuntime> ReadAsync(string? choice, string program)
    {
        var settings = GivenSettings.Of((ChosenRuntime.Key, choice), ("ASPIRE_CONTAINER_RUNTIME", program));
        var runtime = await ChosenRuntime.ReadAsync(settings);
        _errors = settings.Errors;
        return runtime;
    }
}
