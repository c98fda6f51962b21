using NeuroCred.Monitor.Gateway;

namespace NeuroCred.Tests.Monitor.Gateway;

public sealed class GatewayConnectionsTests
{
    [Fact]
    public void The_numbers_of_stub_status_are_read() =>
        Assert.Equal(
            new(291, 6, 179, 106),
            GatewayConnectionsReader.TryRead(
                "Active connections: 291 \nserver accepts handled requests\n 16630948 16630948 31070465 \nReading: 6 Writing: 179 "
                    + "Waiting: 106 \n"
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("<html>404</html>")]
    [InlineData("Active connections: many \nReading: 6 Writing: 179 Waiting: 106 \n")]
    public void Anything_else_is_no_status(string text) => Assert.Null(GatewayConnectionsReader.TryRead(text));
}
