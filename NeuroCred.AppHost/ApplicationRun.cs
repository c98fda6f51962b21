using Microsoft.Extensions.Options;

namespace NeuroCred.AppHost;

internal static class ApplicationRun
{
    /// <summary>Runs the application until it is stopped. If its configuration is wrong, it says what to mend, a line each.</summary>
    /// <returns>The exit code.</returns>
    internal static int RunToEnd(this DistributedApplication application)
    {
        try
        {
            application.Run();
            return Environment.ExitCode;
        }
        catch (AggregateException e) when (Explain(e.GetBaseException()) is { } mistakes)
        {
            foreach (var mistake in mistakes)
            {
                Console.Error.WriteLine(mistake);
            }

            return 1;
        }
    }

    private static IEnumerable<string>? Explain(Exception problem) =>
        problem switch
        {
            OptionsValidationException invalid => invalid.Failures,
            DistributedApplicationException => [problem.Message],
            _ => null,
        };
}
