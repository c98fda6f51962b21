using System.Net.Sockets;
using System.Text;
using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

public sealed class HttpLivenessProbeTests
{
    private const string Replica = "api-1";
    private static readonly Uri s_address = new("http://localhost:4001/health");
    private static readonly TimeSpan s_ample = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_replica_that_answers_200_lives() =>
        Assert.Equal(new(LivenessOutcome.Answered), await ProbeAsync((_, _) => Answer(HttpStatusCode.OK)));

    [Fact]
    public async Task Any_other_status_is_a_miss() =>
        Assert.Equal(
            new(LivenessOutcome.Missed, "answered http://localhost:4001/health with 500"),
            await ProbeAsync((_, _) => Answer(HttpStatusCode.InternalServerError))
        );

    [Theory]
    [InlineData(null, "a program that sends no X-Served-By")]
    [InlineData("api-3", "'api-3'")]
    public async Task The_answer_of_another_program_on_its_port_is_a_miss_and_says_whose_it_is(string? servedBy, string stranger) =>
        Assert.Equal(
            new(LivenessOutcome.Missed, $"does not have its port: {stranger} answered http://localhost:4001/health"),
            await ProbeAsync((_, _) => Answer(HttpStatusCode.OK, servedBy))
        );

    [Fact]
    public async Task An_answer_in_another_protocol_is_a_miss_though_nginx_would_pass_it_on()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var probe = new HttpLivenessProbe(Replica, new($"http://{server.LocalEndpoint}/health"), s_ample, TimeProvider.System);

        var probing = probe.ProbeAsync(Cancellation);
        using var connection = await server.AcceptSocketAsync(Cancellation);
        await connection.ReceiveAsync(new byte[4096], Cancellation);
        await connection.SendAsync(Encoding.Latin1.GetBytes(Misbehaviours.OtherProtocol), Cancellation);
        connection.Shutdown(SocketShutdown.Both);

        Assert.Equal(LivenessOutcome.Missed, (await probing).Outcome);
    }

    [Fact]
    public async Task An_answer_that_need_not_say_whose_it_is_is_an_answer() =>
        Assert.Equal(new(LivenessOutcome.Answered), await ProbeAsync((_, _) => Answer(HttpStatusCode.OK, servedBy: null), replica: null));

    [Fact]
    public async Task No_answer_within_half_a_second_is_a_miss()
    {
        var probing = ProbeAsync(NeverAnswer);
        _clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(probing.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new(LivenessOutcome.Missed, "did not answer http://localhost:4001/health within 0.5 s"), await probing);
    }

    [Fact]
    public async Task No_answer_says_nothing_when_the_AppHost_itself_did_not_run_meanwhile()
    {
        var probing = ProbeAsync(NeverAnswer);

        // A lid that was closed, a debugger, a machine that did everything else first.
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(LivenessOutcome.Void, (await probing).Outcome);
    }

    private static Task<HttpResponseMessage> Answer(HttpStatusCode status, string? servedBy = Replica)
    {
        var response = new HttpResponseMessage(status);
        if (servedBy is not null)
        {
            response.Headers.Add("X-Served-By", servedBy);
        }

        return Task.FromResult(response);
    }

    private static async Task<HttpResponseMessage> NeverAnswer(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return new();
    }

    private async Task<LivenessResult> ProbeAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer,
        string? replica = Replica
    )
    {
        using var probe = new HttpLivenessProbe(new Answers(answer), replica, s_address, s_timeout, _clock);
        return await probe.ProbeAsync(Cancellation);
    }

    private sealed class Answers(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, cancellationToken);
    }
}
