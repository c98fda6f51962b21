namespace Aspire.Hosting.Tests;

/// <summary>The program beside the tests that is an AppHost, or a server.</summary>
internal static class SampleAppHost
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Aspire.Hosting.Tests.AppHost");
}
