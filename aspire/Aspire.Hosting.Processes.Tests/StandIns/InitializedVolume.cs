using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>A data folder of Postgres, initialized once for all the tests that are not about that.</summary>
public sealed class InitializedVolume : IAsyncLifetime
{
    private readonly TestContainer _postgres = new("postgres", 5432);

    /// <summary>What the database was made with.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>
        {
            ["POSTGRES_USER"] = "app",
            ["POSTGRES_PASSWORD"] = "it's secret",
            ["POSTGRES_DB"] = "scores",
        };

    private string Data => _postgres.Volume("data");

    public async ValueTask InitializeAsync()
    {
        _postgres.Launch = _postgres.Launch with { Environment = Environment };
        _postgres.Mount("data", "/var/lib/postgresql/data");
        await using var running = await _postgres.StartAsync();
        await Eventually.HoldsAsync(() => LoopbackPort.IsTaken(_postgres.Port), "Postgres listening");
    }

    /// <summary>Makes a copy.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        using var copy = Process.Start("/bin/cp", ["-a", Data, folder]);
        copy.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        _postgres.Dispose();
        return ValueTask.CompletedTask;
    }
}
