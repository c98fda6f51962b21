namespace NeuroCred.Tests.Balancer.Compose;

/// <summary>The Compose that this machine has: <c>docker compose</c>, or <c>docker-compose</c>, which came before it.</summary>
internal sealed class ComposeCommand
{
    private readonly string[] _words;

    private ComposeCommand(params string[] words) => _words = words;

    public static ComposeCommand? Installed { get; } = Find();

    /// <summary>Runs it in a folder.</summary>
    public Task<(int Code, string Output)> RunAsync(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    ) => Tool.RunAsync(_words[0], folder, environment, [.. _words[1..], .. arguments]);

    /// <summary>How it is called.</summary>
    public override string ToString() => string.Join(' ', _words);

    private static ComposeCommand? Find()
    {
        if (Tool.Find("docker") is not null && Tool.RunAsync("docker", "compose", "version").GetAwaiter().GetResult().Code == 0)
        {
            return new("docker", "compose");
        }

        return Tool.Find("docker-compose") is not null ? new("docker-compose") : null;
    }
}
