using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Statements with the values of their parameters, <c>$1</c> and so on. A value whose type Postgres could not tell is given as an
/// <see cref="NpgsqlParameter"/>.
/// </summary>
internal static class SqlCommands
{
    /// <summary>A statement of a batch.</summary>
    public static NpgsqlBatchCommand Batched(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddValues(values);
        return command;
    }

    /// <summary>A statement of its own.</summary>
    public static NpgsqlCommand CreateCommand(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddValues(values);
        return command;
    }

    /// <summary>Runs a statement of which nobody reads rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = connection.CreateCommand(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    private static void AddValues(this NpgsqlParameterCollection parameters, ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }
    }
}
