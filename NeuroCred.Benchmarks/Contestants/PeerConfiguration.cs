namespace NeuroCred.Benchmarks.Contestants;

/// <summary>Reads a peer's configuration from the folder Peers, and fills in addresses.</summary>
internal static class PeerConfiguration
{
    /// <summary>Reads a file. <c>{{listen}}</c> is where to listen, <c>{{replica1}}</c> and so on are the replicas.</summary>
    public static string Read(string name, int port, IReadOnlyList<Uri> replicas)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Peers", name))
            .Replace("{{listen}}", $"127.0.0.1:{port}", StringComparison.Ordinal);
        for (var i = 0; i < replicas.Count; i++)
        {
            text = text.Replace($"{{{{replica{i + 1}}}}}", $"127.0.0.1:{replicas[i].Port}", StringComparison.Ordinal);
        }

        return text;
    }
}
