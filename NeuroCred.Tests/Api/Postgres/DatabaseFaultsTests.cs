using System.Net.Sockets;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

public class DatabaseFaultsTests
{
    private static PostgresException Of(string state) => new("message", "FATAL", "FATAL", state);

    [Theory]
    [InlineData("57P01", true, true)] // admin_shutdown
    [InlineData("57P02", true, true)] // crash_shutdown
    [InlineData("25P03", true, true)] // idle_in_transaction_session_timeout
    [InlineData("25006", true, true)] // read_only_sql_transaction
    [InlineData("40P01", true, true)] // deadlock_detected
    [InlineData("0A000", true, true)] // feature_not_supported: a prepared statement older than a migration
    [InlineData("08006", true, true)] // connection_failure
    [InlineData("57P03", false, true)] // cannot_connect_now
    [InlineData("57014", false, true)] // query_canceled, by statement_timeout
    [InlineData("53300", false, true)] // too_many_connections
    [InlineData("53100", false, true)] // disk_full
    [InlineData("58030", false, true)] // io_error
    [InlineData("3D000", false, true)] // no such database
    [InlineData("42P01", false, true)] // not migrated
    [InlineData("28P01", false, true)] // wrong password
    [InlineData("23505", false, false)] // unique_violation: our fault
    [InlineData("42601", false, false)] // syntax_error: our fault
    public void A_state_says_whether_to_try_again_and_whether_the_database_is_to_blame(string state, bool again, bool unavailable)
    {
        Assert.Equal(again, DatabaseFaults.IsWorthAnotherConnection(Of(state)));
        Assert.Equal(unavailable, DatabaseFaults.IsUnavailable(Of(state)));
    }

    [Fact]
    public void A_broken_connection_is_tried_again_and_a_timeout_is_not()
    {
        Assert.True(
            DatabaseFaults.IsWorthAnotherConnection(new NpgsqlException("broken", new IOException("reset", new SocketException())))
        );
        Assert.False(DatabaseFaults.IsWorthAnotherConnection(new NpgsqlException("slow", new TimeoutException())));
    }

    [Fact]
    public void An_error_of_the_code_is_not_blamed_on_the_database() =>
        Assert.False(DatabaseFaults.IsUnavailable(new InvalidOperationException()));
}
