using System.Reflection;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>What the AppHost's assembly knows of its project; the build writes it there.</summary>
internal static class AppHostAssembly
{
    internal const string ProjectDirectoryKey = "AppHostProjectDirectory";

    internal static Assembly? Find(string? assemblyName)
        => assemblyName is null ? Assembly.GetEntryAssembly() : Assembly.Load(new AssemblyName(assemblyName));

    internal static string? GetProjectDirectory(Assembly? assembly)
        => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == ProjectDirectoryKey)?.Value;

    internal static string? GetUserSecretsId(Assembly? assembly)
        => assembly?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;
}
