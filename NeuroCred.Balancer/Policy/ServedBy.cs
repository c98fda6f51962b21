namespace NeuroCred.Balancer.Policy;

/// <summary>The header by which every response says which replica it is from: a port alone does not say who listens there.</summary>
public static class ServedBy
{
    /// <summary>The header's name. Its value is the replica's name.</summary>
    public const string Header = "X-Served-By";

    /// <summary>Looks whether a response is from somebody else than the replica that was asked.</summary>
    /// <param name="response">The response.</param>
    /// <param name="replica">The name of the replica that was asked.</param>
    /// <returns>Who answered, such as <c>'api-3'</c> or <c>a program that sends no X-Served-By</c>; null when it was the replica.</returns>
    public static string? FindStranger(HttpResponseMessage response, string replica) =>
        !response.Headers.TryGetValues(Header, out var values) ? $"a program that sends no {Header}"
        : string.Join(", ", values) is var name && name == replica ? null
        : $"'{name}'";
}
