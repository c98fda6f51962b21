using System.Security.Cryptography;
using System.Text;

namespace NeuroCred.Api.Security;

/// <summary>The key that writes need. Compared by hash in constant time, so that neither content nor length leaks.</summary>
internal sealed class ApiKey(string key)
{
    private readonly byte[] _hash = Hash(key);

    /// <summary>The client that the key belongs to.</summary>
    public ApiClient Client { get; } = new("default", Hash(key));

    public bool Matches(string? given) => given is { Length: > 0 } && CryptographicOperations.FixedTimeEquals(Hash(given), _hash);

    private static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
