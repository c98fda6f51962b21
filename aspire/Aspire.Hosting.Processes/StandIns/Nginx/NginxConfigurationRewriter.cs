using System.Buffers;
using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>
/// Makes a configuration that was written for the nginx image one for this machine, changing as little as possible and no line's number:
/// <list type="bullet">
/// <item>container paths in the directives that name files (see <see cref="NginxFileDirectives"/>) and in <c>unix:</c> addresses;</item>
/// <item><c>listen</c> on all addresses becomes one on the published addresses and ports;</item>
/// <item>the image's log files become standard output and standard error;</item>
/// <item><c>user</c> and <c>daemon</c> at the top go: neither fits this machine.</item>
/// </list>
/// </summary>
internal sealed class NginxConfigurationRewriter(
    ContainerPaths paths,
    string standardOutput,
    IReadOnlyList<ContainerPort> ports,
    bool hasIPv6
)
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(" \t;{}'\"\\#");

    /// <summary>Rewrites one file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="atStart">Directives to put at its start.</param>
    /// <param name="inHttp">Directives to put at the start of its http block.</param>
    public string Rewrite(string text, string atStart = "", string inHttp = "")
    {
        StringBuilder result = new(atStart);
        var copied = 0;
        foreach (var directive in NginxConfigurationReader.Read(text))
        {
            if (directive is { Name: "http", Context: "" })
            {
                result.Append(text.AsSpan(copied, directive.End - copied)).Append(inHttp);
                copied = directive.End;
            }
            else if (Replace(directive, text) is { } replacement)
            {
                var original = text.AsSpan(directive.Start, directive.End - directive.Start);
                result.Append(text.AsSpan(copied, directive.Start - copied)).Append(replacement);
                result.Append('\n', Math.Max(0, original.Count('\n') - replacement.Count(character => character == '\n')));
                copied = directive.End;
            }
        }

        return result.Append(text.AsSpan(copied)).ToString();
    }

    private string? Replace(NginxDirective directive, string text) =>
        directive switch
        {
            { Name: "user" or "daemon", Context: "" } => "",
            { Name: "listen" } => ReplaceListen(directive),
            { Name: "error_log", Arguments: [{ Value: "/var/log/nginx/error.log" or "/dev/stderr" }, ..] } => ReplaceFirst(
                directive,
                text,
                "stderr"
            ),
            { Name: "error_log" or "access_log", Arguments: [{ Value: "/var/log/nginx/access.log" or "/dev/stdout" }, ..] } => ReplaceFirst(
                directive,
                text,
                Quote(standardOutput)
            ),
            _ => ReplacePaths(directive, text),
        };

    private static string ReplaceFirst(NginxDirective directive, string text, string value) =>
        text[directive.Start..directive.Arguments[0].Start] + value + text[directive.Arguments[0].End..directive.End];

    private string? ReplacePaths(NginxDirective directive, string text)
    {
        var namesFiles = NginxFileDirectives.Contains(directive.Name);
        StringBuilder result = new();
        var copied = directive.Start;
        foreach (var argument in directive.Arguments)
        {
            var value = namesFiles && argument.Value.StartsWith('/') ? paths.Find(argument.Value) : ReplaceSocket(argument.Value);
            if (value is not null)
            {
                result.Append(text.AsSpan(copied, argument.Start - copied)).Append(Quote(value));
                copied = argument.End;
            }
        }

        return copied == directive.Start ? null : result.Append(text.AsSpan(copied, directive.End - copied)).ToString();
    }

    // unix:/path, http://unix:/path:/uri, syslog:server=unix:/path,tag=x
    private string? ReplaceSocket(string value)
    {
        var start = value.IndexOf("unix:/", StringComparison.Ordinal) + "unix:".Length;
        if (start < "unix:".Length)
        {
            return null;
        }

        var end = value.IndexOfAny([':', ','], start);
        end = end < 0 ? value.Length : end;
        return paths.Find(value[start..end]) is { } place ? value[..start] + place + value[end..] : null;
    }

    private string? ReplaceListen(NginxDirective directive)
    {
        if (directive.Arguments.Count == 0)
        {
            return null;
        }

        var address = directive.Arguments[0];
        var options = directive.Arguments.Skip(1).Select(option => option.Value).ToList();
        var colon = address.Value.LastIndexOf(':');
        var host = colon < 0 ? "*" : address.Value[..colon];
        if (
            !int.TryParse(address.Value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || host is not ("*" or "0.0.0.0" or "[::]")
            || ports.Where(published => published.TargetPort == port).ToList() is not { Count: > 0 } published
        )
        {
            return ReplaceSocket(address.Value) is { } socket ? Listen(socket, options) : null;
        }

        // Beside "listen 80" the same for IPv6 is usual; alone, and for both, it is written with ipv6only=off.
        if (host == "[::]" && !options.Contains("ipv6only=off"))
        {
            return hasIPv6 && published.All(IsLoopback) ? Listen($"[::1]:{published[0].ListenPort}", options) : "";
        }

        return string.Join(
            ' ',
            published
                .DistinctBy(place => (place.ListenAddress, place.ListenPort))
                .Select(place =>
                    Listen(
                        $"{Bracket(place.ListenAddress)}:{place.ListenPort}",
                        options.Where(option => !option.StartsWith("ipv6only=", StringComparison.Ordinal))
                    )
                )
        );
    }

    private static string Listen(string address, IEnumerable<string> options) => $"listen {string.Join(' ', options.Prepend(address))};";

    private static bool IsLoopback(ContainerPort port) => port.ListenAddress.StartsWith("127.", StringComparison.Ordinal);

    private static string Bracket(string address) => address.Contains(':') ? $"[{address}]" : address;

    // A path with blanks or other signs that mean something to nginx is put in quotes.
    private static string Quote(string path) =>
        path.AsSpan().IndexOfAny(s_special) < 0
            ? path
            : $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
