using System.Text;

namespace NeuroCred.Api;

/// <summary>
/// What the server takes of a request before the application sees it. What it refuses then gets an answer without a body, and the
/// framework has no way to give it one. So it takes all that the gateway lets through, which answers with problem details.
/// </summary>
internal static class ServerLimits
{
    private const long MaxBodyBytes = 1024 * 1024; // as nginx's default; a full batch has about 300 KB

    // nginx takes a line of 8 KiB and 32 KiB in all, and adds lines of its own. The shortest line has 4 bytes.
    private const int MaxLineBytes = 16 * 1024;
    private const int MaxHeaderBytes = 48 * 1024;
    private const int MaxHeaderLines = MaxHeaderBytes / 4;

    public static void AddServerLimits(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestLineSize = MaxLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaderLines;
            // Any byte is a character: a header that is not UTF-8 is wrong only where somebody reads it.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        });
}
