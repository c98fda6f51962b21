using System.Collections;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Tests.AppHost;

/// <summary>A server that is up in no time: says what it is asked, tells its environment, and can be unwell.</summary>
internal static class Server
{
    internal static async Task<int> RunAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable("PORT")!, System.Globalization.CultureInfo.InvariantCulture));
        listener.Start();
        Console.WriteLine("listening");
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            await using var writer = new StreamWriter(client.GetStream());
            await writer.WriteAsync(Answer(await reader.ReadLineAsync() ?? ""));
        }
    }

    private static string Answer(string question)
    {
        var unwell = Environment.GetEnvironmentVariable("UNWELL_WHILE");
        return question.Split(' ') switch
        {
            ["environment"] => string.Join(' ', Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => v.Key)) + "\n",
            ["GET", "/health", ..] when unwell is not null && File.Exists(unwell) => Http("503 Service Unavailable"),
            ["GET", ..] => Http("200 OK"),
            _ => question + "\n",
        };
    }

    private static string Http(string status) => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}
