namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>
/// Reads an nginx configuration as nginx does (<c>ngx_conf_read_token</c>): words end at white space, <c>;</c> and <c>{</c>; quotes count
/// at the start of a word only; <c>#</c> begins a comment between words; <c>${</c> does not open a block.
/// </summary>
internal static class NginxConfigurationReader
{
    /// <summary>All directives of a file, in order. What never ends is left out: nginx itself will say what is wrong with it.</summary>
    public static IReadOnlyList<NginxDirective> Read(string text)
    {
        List<NginxDirective> directives = [];
        List<NginxArgument> words = [];
        List<string> context = [];

        for (var at = 0; at < text.Length; )
        {
            switch (text[at])
            {
                case ' ' or '\t' or '\r' or '\n':
                    at++;
                    break;
                case '#':
                    var lineEnd = text.IndexOf('\n', at);
                    at = lineEnd < 0 ? text.Length : lineEnd;
                    break;
                case ';' or '{':
                    if (words.Count > 0)
                    {
                        directives.Add(
                            new NginxDirective(words[0].Value, [.. words.Skip(1)], string.Join('/', context), words[0].Start, at + 1)
                        );
                    }

                    if (text[at] == '{')
                    {
                        context.Add(words.Count > 0 ? words[0].Value : "");
                    }

                    words.Clear();
                    at++;
                    break;
                case '}':
                    if (context.Count > 0)
                    {
                        context.RemoveAt(context.Count - 1);
                    }

                    words.Clear();
                    at++;
                    break;
                default:
                    var word = ReadWord(text, at);
                    words.Add(word);
                    at = word.End;
                    break;
            }
        }

        return directives;
    }

    private static NginxArgument ReadWord(string text, int start)
    {
        var quote = text[start] is '"' or '\'' ? text[start] : '\0';
        var end = quote == '\0' ? start : start + 1;
        while (end < text.Length && !EndsWord(text, end, quote))
        {
            end += text[end] == '\\' || (quote == '\0' && text[end] == '$' && end + 1 < text.Length && text[end + 1] == '{') ? 2 : 1;
        }

        end = Math.Min(end, text.Length);
        return quote == '\0'
            ? new NginxArgument(text[start..end], start, end)
            : new NginxArgument(text[(start + 1)..end], start, Math.Min(end + 1, text.Length));
    }

    private static bool EndsWord(string text, int at, char quote) =>
        quote == '\0' ? text[at] is ' ' or '\t' or '\r' or '\n' or ';' or '{' : text[at] == quote;
}
