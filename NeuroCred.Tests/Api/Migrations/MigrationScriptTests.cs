using NeuroCred.Api.Migrations;

namespace NeuroCred.Tests.Api.Migrations;

public class MigrationScriptTests
{
    [Fact]
    public void The_program_carries_its_migrations_numbered_without_gaps()
    {
        var versions = MigrationScript.Embedded().Select(script => script.Version).ToArray();

        Assert.NotEmpty(versions);
        Assert.Equal(Enumerable.Range(1, versions.Length), versions);
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum() =>
        Assert.Equal(new MigrationScript(1, "a", "x\ny").Checksum, new MigrationScript(1, "a", "x\r\ny").Checksum);

    [Fact]
    public void An_edit_changes_the_checksum() =>
        Assert.NotEqual(new MigrationScript(1, "a", "x").Checksum, new MigrationScript(1, "a", "x ").Checksum);
}
