using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace NeuroCred.Monitor.Page;

/// <summary>
/// Serves the page at <c>/</c>, with what it is made of. All of it is part of this assembly: there is no build step, and nothing is loaded
/// from elsewhere.
/// </summary>
internal static class PageEndpoints
{
    // Own scripts, styles and pictures alone, and no text that becomes markup: names and lines of a log come from outside.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string Prefix = "page/"; // the project file names the resources so

    /// <summary>Maps the page and its files.</summary>
    public static void MapPage(this IEndpointRouteBuilder app)
    {
        var types = new FileExtensionContentTypeProvider();
        var assembly = typeof(PageEndpoints).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var name = resource[Prefix.Length..];
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var type = types.TryGetContentType(name, out var known)
                ? known
                : throw new InvalidOperationException($"'{name}' has no known content type.");
            var file = new PageFile(content, type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type);
            app.MapMethods(name == "index.html" ? "/" : $"/{name}", [HttpMethods.Get, HttpMethods.Head], file.Answer)
                .ExcludeFromDescription();
        }
    }

    /// <summary>A file of the page. A browser asks each time whether its copy is still the same: after an update all of them are new at
    /// once.</summary>
    private sealed class PageFile(byte[] content, string contentType)
    {
        private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");

        public FileContentHttpResult Answer(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.CacheControl = "no-cache";
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            return TypedResults.Bytes(content, contentType, entityTag: _tag);
        }
    }
}
