using Aspire.Hosting.Tests.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>An AppHost that is told to end leaves no process, no port and no temporary folder.</summary>
public sealed class EndedAppHostTests
{
    [Theory]
    [InlineData(Signals.Interrupt, "")]
    [InlineData(Signals.Terminate, "--family")]
    public async Task It_ends_well_and_leaves_nothing(int signal, string more)
    {
        await using var appHost = new RunningAppHost(more);
        await appHost.WaitForAsync("ready");
        appHost.Signal(signal);
        Assert.Equal(0, await appHost.WaitForExitAsync());
        Assert.Contains("ended", appHost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be stopped", appHost.Output, StringComparison.Ordinal);
        await appHost.NothingIsLeftAsync();
    }

    [Fact]
    public async Task It_leaves_nothing_even_while_it_starts()
    {
        await using var appHost = new RunningAppHost();
        await appHost.WaitForSessionFolderAsync();
        appHost.Signal(Signals.Terminate);
        await appHost.WaitForExitAsync();
        await appHost.NothingIsLeftAsync();
    }

    [Fact]
    public async Task One_that_cannot_start_says_why_in_a_few_words_and_leaves_nothing()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        await using var appHost = new RunningAppHost($"--Port={port}");
        Assert.Equal(1, await appHost.WaitForExitAsync());
        Assert.Contains($"Port {port}, for the endpoint 'http' of 'server', is in use by another program", appHost.Output, StringComparison.Ordinal);
        await appHost.NothingIsLeftAsync();
    }
}
