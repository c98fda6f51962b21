using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using NeuroCred.Api;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.Api;

/// <summary>Requests that the gateway and a replica's server take differently: what one lets through and the other refuses, the application
/// never sees.</summary>
[StartsProcesses]
public sealed class UnreadableRequestTests(UnreadableRequestTests.GatewayAndReplica system)
    : IClassFixture<UnreadableRequestTests.GatewayAndReplica>
{
    public static TheoryData<string> Targets => ["/#b", "/%ff", "/\u00ff", "/?\u00ff", "/%zz", "/a b", "*", "http://y:z/"];

    public static TheoryData<string> Hosts =>
        ["", "a b", "a\"b", "a<b", "a/b", "a\\b", "a%41", "a@b", "a,b", "a{b}", "\u00ff", "[::1", "::1", ".", "[::1]", "a_b", "a:b", "A"];

    public static TheoryData<string, string> Headers =>
        new()
        {
            { "not UTF-8", "X-A: \u00ff\u00fe" },
            { "a control character", "X-A: \u0001" },
            { "a zero", "X-A: \0" },
            { "a line that is continued", "X-A: a\r\n b" },
            { "many lines", string.Join("\r\n", Enumerable.Range(0, 500).Select(i => $"X-{i}: a")) },
            { "all that nginx takes", string.Join("\r\n", Enumerable.Range(0, 4).Select(i => $"X-{i}: {new string('a', 8_000)}")) },
            { "more", string.Join("\r\n", Enumerable.Range(0, 6).Select(i => $"X-{i}: {new string('a', 8_000)}")) },
        };

    [Theory]
    [MemberData(nameof(Targets))]
    public Task A_target_that_is_refused_is_refused_with_a_problem(string target) =>
        AssertDoneOrProblemAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n");

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_host_that_is_refused_is_refused_with_a_problem(string host)
    {
        await AssertDoneOrProblemAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n");
        await AssertDoneOrProblemAsync($"GET /health HTTP/1.1\r\nHost: {host}\r\n");
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public Task A_header_that_is_refused_is_refused_with_a_problem(string what, string lines)
    {
        Assert.NotEmpty(what);
        return AssertDoneOrProblemAsync($"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
    }

    [Theory]
    [InlineData("GET / HTTP/2.0")]
    [InlineData("GET / HTTP/1.2")]
    [InlineData("get / HTTP/1.1")]
    [InlineData("FOO_BAR / HTTP/1.1")]
    public Task A_method_or_a_version_that_is_refused_is_refused_with_a_problem(string line) =>
        AssertDoneOrProblemAsync($"{line}\r\nHost: x\r\n");

    private async Task AssertDoneOrProblemAsync(string begun)
    {
        using var connection = system.Gateway.Connect();
        await connection.SendAsync($"{begun}Connection: close\r\n\r\n");

        var answer = await connection.ReadToEndAsync();

        Assert.True(
            answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
                || (
                    answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
                    && answer[9] is '4' or '5'
                    && answer.Contains("\r\nContent-Type: application/problem+json\r\n", StringComparison.OrdinalIgnoreCase)
                    && answer.Contains("requestId", StringComparison.Ordinal)
                ),
            answer
        );
    }

    /// <summary>The gateway before one replica with the Api's server.</summary>
    public sealed class GatewayAndReplica : IAsyncLifetime
    {
        private TestHost _replica = null!;

        internal RunningGateway Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _replica = await TestHost.StartAsync(
                builder =>
                {
                    builder.AddServiceDefaults(new(builder.Configuration));
                    builder.AddServerLimits();
                },
                app =>
                {
                    app.MapDefaultEndpoints();
                    app.UseRouting();
                    app.MapGet("/", () => "done");
                }
            );
            Gateway = await RunningGateway.StartAsync(_replica.Address.Port);
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await _replica.DisposeAsync();
        }
    }
}
