using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The whole system with a key and passwords that need quoting wherever they go, and what its console says.</summary>
public sealed class SystemWithStrangeSecrets : RunningSystem
{
    /// <summary>The replicas' Api:Key.</summary>
    public const string Key = "Kq7\"z'W;x,Y=v$U(t) &R%j";

    private const string PostgresPassword = "pG9 \"wQ';zX,vB=$nM{k}üÄ#jH\\";
    private const string RedisPassword = "rD8\"wQ2';zX3=vB4$nM{5}üÄ#jH\\6";

    // The console logger of a test's AppHost is not the console's that a test can read.
    private readonly MessageLog _log = new(level: null);
    private readonly StringWriter _text = new();
    private readonly TextWriter _console;
    private readonly TextWriter _previous = Console.Out;

    /// <summary>Begins to write down what is written to the console.</summary>
    public SystemWithStrangeSecrets()
    {
        _console = TextWriter.Synchronized(_text);
        Console.SetOut(_console);
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Key, PostgresPassword, RedisPassword];

    /// <summary>What the AppHost has written and logged so far.</summary>
    public string Output
    {
        get
        {
            lock (_console)
            {
                return string.Join('\n', [_text.ToString(), .. _log.Messages]);
            }
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> MoreArguments =>
        [
            $"--Parameters:apikey={Key}",
            $"--Parameters:postgres-password={PostgresPassword}",
            $"--Parameters:redis-password={RedisPassword}",
        ];

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Console.SetOut(_previous);
        await _console.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationBuilder builder) => builder.Services.AddSingleton<ILoggerProvider>(_log);
}
