using System.Security.Cryptography;
using System.Text;

namespace NeuroCred.Api.Security;

/// <summary>A valid API key, as a replica knows it: never the key itself.</summary>
/// <param name="id">Its public name, for operators.</param>
/// <param name="client">The client that it belongs to.</param>
/// <param name="scopes">What it may do.</param>
internal sealed class ApiKey(string id, ApiClient client, Scopes scopes) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    public string Id { get; } = id;

    public ApiClient Client { get; } = client;

    public Scopes Scopes { get; } = scopes;

    /// <summary>Cancelled when this replica learns that the key is no longer valid: what could last for ever ends then.</summary>
    public CancellationToken Ended => _ended.Token;

    public void End() => _ = _ended.CancelAsync(); // what a thousand connections do about it is not done here

    public void Dispose() => _ended.Dispose();

    /// <summary>What is stored of a key. Keys are random and long, so that a slow hash would protect nothing more.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
