using System.Runtime.InteropServices;
using NeuroCred.Api.Configuration;
using NeuroCred.Settings;

namespace NeuroCred.Api.Migrations;

/// <summary>Runs <see cref="MigrateCommand"/> with the program's configuration and logging, and without a server.</summary>
internal static class Migration
{
    public static async Task<int> RunAsync(WebApplicationBuilder builder, SettingsReader settings, string[] words)
    {
        if (words is [var word, ..])
        {
            await Console.Error.WriteLineAsync($"'{MigrateCommand.Verb}' takes no word more, and got '{word}'. Settings begin with '--'.");
            return 2;
        }

        var database = ApiOptions.ReadOwnersDatabase(settings);
        var role = ServiceRole.Read(settings);
        var deadline = TimeSpan.FromSeconds(settings.Number("Migrations:DeadlineSeconds", 60, 0, 86_400, "a number of seconds"));
        if (settings.WriteErrors(Console.Error))
        {
            return 1;
        }

        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        // Disposed before the process ends: the console logger writes in the background.
        using var loggers = LoggerFactory.Create(logging =>
            logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole()
        );
        return await new MigrateCommand(database, deadline, loggers, TimeProvider.System, role).RunAsync(stopping.Token);
    }
}
