namespace Aspire.Hosting.ApplicationModel;

/// <summary>Has an nginx gateway write its access log to a file as well.</summary>
/// <param name="File">The file's absolute path in the container.</param>
internal sealed record NginxAccessLogAnnotation(string File) : IResourceAnnotation;
