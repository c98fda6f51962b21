using System.Net.Sockets;
using Aspire.Hosting.Tests.StandIns;

namespace Aspire.Hosting.Tests.Orchestration;

/// <summary>Asks the server beside the tests.</summary>
internal static class Ask
{
    /// <summary>Asks until there is an answer.</summary>
    public static async Task<string?> OnPortAsync(int port, string question)
    {
        string? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync("localhost", port, TestApplication.Deadline);
                    await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
                    await writer.WriteLineAsync(question.AsMemory(), TestApplication.Deadline);
                    using var reader = new StreamReader(client.GetStream());
                    answer = await reader.ReadLineAsync(TestApplication.Deadline);
                    return answer is not null;
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    return false;
                }
            },
            "An answer",
            TimeSpan.FromMinutes(1));
        return answer;
    }
}
