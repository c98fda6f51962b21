using System.Diagnostics.CodeAnalysis;

namespace NeuroCred.Api.Security;

/// <summary>What an API key may do.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>Reads under <c>/api</c>, live scores included.</summary>
    Read = 1,

    /// <summary>All else under <c>/api</c>.</summary>
    Write = 2,

    /// <summary><c>/drain</c>.</summary>
    Operate = 4,

    All = Read | Write | Operate,
}

/// <summary>Scopes as people write them and Postgres stores them: <c>read</c>, <c>write</c>, <c>operate</c>.</summary>
internal static class ScopeNames
{
    public const string Expected = "read, write, operate, or several of them with commas between";

    private static readonly (Scopes Scope, string Name)[] s_names =
    [
        (Scopes.Read, "read"),
        (Scopes.Write, "write"),
        (Scopes.Operate, "operate"),
    ];

    public static string[] ToNames(this Scopes scopes) =>
        [.. s_names.Where(known => scopes.HasFlag(known.Scope)).Select(known => known.Name)];

    /// <summary>Reads at least one name. Repeated ones count once.</summary>
    public static bool TryParse(IEnumerable<string> names, [NotNullWhen(true)] out Scopes? scopes)
    {
        var given = Scopes.None;
        foreach (var name in names)
        {
            var scope = s_names.FirstOrDefault(known => known.Name == name).Scope;
            if (scope == Scopes.None)
            {
                scopes = null;
                return false;
            }

            given |= scope;
        }

        scopes = given == Scopes.None ? null : given;
        return scopes is not null;
    }
}
