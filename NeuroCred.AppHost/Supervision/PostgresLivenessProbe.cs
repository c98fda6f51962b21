using System.Net.Sockets;
using Npgsql;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Asks Postgres for <c>SELECT 1</c>.</summary>
internal sealed class PostgresLivenessProbe(
    Func<CancellationToken, ValueTask<string?>> getConnectionString,
    TimeSpan timeout,
    TimeProvider timeProvider
) : TimedProbe("SELECT 1 on a new connection", timeout, timeProvider)
{
    protected override async Task<LivenessResult> AskAsync(CancellationToken cancellationToken)
    {
        // Without a wait for the answer to a cancellation, which a server that hangs does not give.
        var settings = new NpgsqlConnectionStringBuilder(await getConnectionString(cancellationToken))
        {
            Pooling = false,
            CancellationTimeout = -1,
            ApplicationName = "neurocred-supervisor",
        };
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return new(LivenessOutcome.Answered);
        }
        catch (PostgresException)
        {
            // Whatever it refuses (too many connections, recovery under way, a password), it does not hang; a restart would help nobody.
            return new(LivenessOutcome.Answered);
        }
        catch (NpgsqlException e) when (!cancellationToken.IsCancellationRequested)
        {
            var isRefused = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return new(isRefused ? LivenessOutcome.Refused : LivenessOutcome.Missed, $"did not answer {Question} ({e.Message})");
        }
        catch (NpgsqlException e)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }
}
