namespace NeuroCred.Api;

internal static class ApiMethods
{
    /// <summary>What an endpoint takes that reads: its headers can be had without its body (RFC 9110, 9.1).</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
}
