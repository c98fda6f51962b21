using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace NeuroCred.Api.Migrations;

/// <summary>One step of the schema: an embedded file <c>0001_what_it_does.sql</c>.</summary>
/// <param name="Version">The number its name begins with; steps run in its order, without gaps.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Sql">What to run.</param>
internal sealed record MigrationScript(int Version, string Name, string Sql)
{
    /// <summary>Recognises a file that was edited after it had been applied somewhere. Line ends do not count.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public static IReadOnlyList<MigrationScript> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly
            .GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return
        [
            .. names.Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return new MigrationScript(int.Parse(name.AsSpan(0, 4), NumberStyles.None), name, reader.ReadToEnd());
            }),
        ];
    }
}
