using System.Runtime.InteropServices;

namespace NeuroCred.Api.Migrations;

/// <summary>Runs <see cref="MigrateCommand"/> with the program's configuration and logging, and without a server.</summary>
internal static class Migration
{
    public static async Task<int> RunAsync(WebApplicationBuilder builder)
    {
        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        // Disposed before the process ends: the console logger writes in the background.
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        return await new MigrateCommand(builder.Configuration, loggers, TimeProvider.System).RunAsync(stopping.Token);
    }
}
