namespace NeuroCred.Tests.WholeSystem;

/// <summary>Looks into Postgres for what clients were told is stored.</summary>
internal static class StoredWrites
{
    /// <summary>Asserts that every acknowledged write is there, and no write twice.</summary>
    public static async Task AssertStoredOnceAsync(string connectionString, IReadOnlyCollection<Outcome> outcomes)
    {
        var audit = await WriteAudit.ReadAsync(connectionString, outcomes);
        Assert.NotEqual(0, audit.Acknowledged);
        Assert.Empty(audit.Lost);
        Assert.Empty(audit.Doubled);
    }
}
