namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>A directive of an nginx configuration, with its place in the text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Context">The blocks of this file around it, the outermost first: <c>http/server</c>. Empty at the top of a file.</param>
/// <param name="Start">Where its name begins.</param>
/// <param name="End">Behind its <c>;</c>, or behind the <c>{</c> that opens its block.</param>
internal sealed record NginxDirective(string Name, IReadOnlyList<NginxArgument> Arguments, string Context, int Start, int End);

/// <summary>An argument of a directive.</summary>
/// <param name="Value">Its value, without quotes.</param>
/// <param name="Start">Where it begins, quotes included.</param>
/// <param name="End">Behind its end.</param>
internal sealed record NginxArgument(string Value, int Start, int End);
