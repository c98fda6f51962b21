namespace NeuroCred.Api;

internal static class ApiMethods
{
    /// <summary>What an endpoint takes that reads: its headers can be had without its body (RFC 9110, 9.1).</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whether a request reads. Over HTTP/2 a WebSocket, which only reads, begins with CONNECT (RFC 8441).</summary>
    public static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsConnect(method);
}
