using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace NeuroCred.ServiceDefaults;

/// <summary>Who answers: which service, which version of it, which instance.</summary>
/// <param name="Service">The product name of the program, such as <c>NeuroCred API</c>.</param>
/// <param name="Version">The program's version without build metadata.</param>
/// <param name="Instance">
/// The instance's name, sent as <c>X-Served-By</c>: <c>OTEL_SERVICE_NAME</c>, which an AppHost sets to the resource's name
/// (<c>api-1</c>); without it, the machine's name.
/// </param>
public sealed record ServiceIdentity(string Service, string Version, string Instance)
{
    internal static ServiceIdentity From(IConfiguration configuration, IHostEnvironment environment)
    {
        var program = Assembly.GetEntryAssembly();
        var product = program?.GetCustomAttribute<AssemblyProductAttribute>()?.Product;
        var version = program?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var name = configuration["OTEL_SERVICE_NAME"];
        return new(
            product ?? environment.ApplicationName,
            version ?? "0.0.0",
            string.IsNullOrWhiteSpace(name) ? Environment.MachineName : name.Trim()
        );
    }
}
