using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Tests.Dashboard;

public class DashboardLogTests
{
    private const string Time = "2026-09-01T12:00:00.000Z ";

    [Fact]
    public void Errors_of_the_dashboard_are_remembered_and_news_is_not()
    {
        var log = new DashboardLog();
        log.Append(Time + """{"EventId":0,"LogLevel":"Information","Category":"Aspire.Dashboard.DashboardWebApplication","Message":"Aspire version: 13.5.4"}""", false);
        log.Append(Time + """{"EventId":11,"LogLevel":"Error","Category":"Microsoft.Extensions.Hosting.Internal.Host","Message":"Hosting failed to start","Exception":"System.IO.IOException: Failed to bind to address http://127.0.0.1:4000: address already in use.\n   at Kestrel"}""", false);
        log.Append(Time + "Unhandled exception.", true);
        log.Append(Time + "not JSON", false);
        log.Append("", true);

        Assert.Equal(
            ["Hosting failed to start System.IO.IOException: Failed to bind to address http://127.0.0.1:4000: address already in use.", "Unhandled exception."],
            log.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public void Only_the_last_words_are_kept()
    {
        var log = new DashboardLog();
        for (var n = 1; n <= 9; n++)
        {
            log.Append($"{Time}{n}", isStandardError: true);
        }

        Assert.Equal(["5", "6", "7", "8", "9"], log.ToString().Split(Environment.NewLine));
    }
}
