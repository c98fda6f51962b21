using System.Diagnostics;

namespace NeuroCred.AppHost.Commands;

/// <summary>The Api's verb <c>keys</c> on the dashboard and in the aspire CLI: makes, lists, rotates and revokes API keys.</summary>
internal static class KeysCommand
{
    private const string Arguments = "arguments";

    /// <summary>Adds the command API keys.</summary>
    /// <param name="replica">A replica. The command starts its program once more.</param>
    /// <param name="database">Where the keys are.</param>
    internal static IResourceBuilder<T> WithKeysCommand<T>(
        this IResourceBuilder<T> replica,
        IResourceBuilder<IResourceWithConnectionString> database
    )
        where T : IResource =>
        replica.WithCommand(
            "keys",
            "API keys",
            context => RunAsync(context, replica.Resource, database.Resource),
            new()
            {
                Description = "Make, list, rotate or revoke API keys. It is for all replicas, whichever has the command.",
                IconName = "Key",
                Arguments =
                [
                    new()
                    {
                        Name = Arguments,
                        Label = "Command",
                        InputType = InputType.Text,
                        Required = true,
                        Placeholder = "create --client lender --scopes read,write",
                        Description = "list; create --client NAME --scopes read,write,operate; rotate ID --overlap 24h; revoke ID; --help",
                    },
                ],
            }
        );

    private static async Task<ExecuteCommandResult> RunAsync(
        ExecuteCommandContext context,
        IResource replica,
        IResourceWithConnectionString database
    )
    {
        if (replica.Annotations.OfType<ExecutableAnnotation>().LastOrDefault() is not { Command: { } program })
        {
            return CommandResults.Failure("The Api's program is not built. Build it: dotnet build NeuroCred.Api");
        }

        var arguments = (context.Arguments.GetString(Arguments) ?? "").Split(
            ' ',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        var start = new ProcessStartInfo(program, ["keys", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Not as an argument, which every user of the machine could read.
        start.Environment["ConnectionStrings__neurocred"] = await database.GetConnectionStringAsync(context.CancellationToken);
        using var process = Process.Start(start)!;
        using var cancelled = context.CancellationToken.Register(process.Kill);
        var output = process.StandardOutput.ReadToEndAsync(context.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(context.CancellationToken);
        await process.WaitForExitAsync(context.CancellationToken);
        var (written, told) = ((await output).TrimEnd(), (await error).TrimEnd());
        return process.ExitCode != 0
            ? CommandResults.Failure(told)
            : CommandResults.Success(told, written, CommandResultFormat.Text, displayImmediately: true);
    }
}
