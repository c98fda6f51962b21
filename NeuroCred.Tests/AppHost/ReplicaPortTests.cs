using System.Net.Sockets;
using NeuroCred.AppHost.Ports;

namespace NeuroCred.Tests.AppHost;

/// <summary>What another program finds on the port of a replica that is down. By real sockets: what they allow is up to the
/// system.</summary>
public sealed class ReplicaPortTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly ReplicaPort _port = new();
    private readonly int _number = LocalPort.FindFree();

    public void Dispose() => _port.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    public async Task No_other_program_can_listen_on_the_port_of_a_replica_that_ended(string address)
    {
        await HoldAsync(DateTime.UtcNow);

        Assert.False(CanListen(address));
    }

    [Fact]
    public async Task Whoever_connects_is_refused_at_once()
    {
        await HoldAsync(DateTime.UtcNow);
        using var client = new TcpClient();

        var refusal = await Assert.ThrowsAsync<SocketException>(() =>
            client.ConnectAsync(IPAddress.Loopback, _number, Cancellation).AsTask()
        );

        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }

    [Fact]
    public async Task The_replica_can_listen_again_at_once_ten_times_in_a_row()
    {
        for (var i = 0; i < 10; i++)
        {
            await HoldAsync(DateTime.UtcNow);
            _port.Release();

            // Leaves a connection behind that lingers, as a replica that ends does.
            Assert.True(CanListen("127.0.0.1"));
        }
    }

    [Fact]
    public async Task News_of_an_end_that_come_after_the_next_start_are_too_late()
    {
        var ended = DateTime.UtcNow;
        _port.Release();

        await HoldAsync(ended);

        Assert.True(CanListen("127.0.0.1"));
    }

    [Fact]
    public async Task A_program_that_was_quicker_is_named_and_the_port_is_taken_once_it_goes()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, _number);
        stranger.Start();
        var told = new TaskCompletionSource<string>();

        var ended = DateTime.UtcNow;

        var holding = _port.HoldAsync(_number, ended, () => told.SetResult(PortOwner.Describe(_number)), Cancellation);

        var owner = await told.Task.WaitAsync(s_deadline, Cancellation);
        Assert.EndsWith(OperatingSystem.IsLinux() ? $", pid {Environment.ProcessId}" : "another program", owner, StringComparison.Ordinal);
        await HoldAsync(ended).WaitAsync(s_deadline, Cancellation); // an end is told again and again; the stranger is not
        stranger.Stop();
        await holding.WaitAsync(s_deadline, Cancellation);
        Assert.False(CanListen("127.0.0.1"));
    }

    private Task HoldAsync(DateTime ended) => _port.HoldAsync(_number, ended, () => { }, Cancellation);

    /// <summary>Whether a server can listen and be reached: .NET's, which sets SO_REUSEADDR as most do.</summary>
    private bool CanListen(string address)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(address), _number);
            listener.Start();
            using var client = new TcpClient();
            client.Connect(IPAddress.Parse(address), _number);
            using var accepted = listener.AcceptTcpClient();
            accepted.Close();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
