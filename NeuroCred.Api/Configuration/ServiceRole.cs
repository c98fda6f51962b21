using NeuroCred.Settings;
using Npgsql;

namespace NeuroCred.Api.Configuration;

/// <summary>
/// The role of Postgres that requests are served with. It may read and write rows; the role of <c>ConnectionStrings:neurocred</c>, which
/// <c>migrate</c> uses, owns the schema.
/// </summary>
/// <param name="Name"><c>Postgres:User</c>.</param>
/// <param name="Password"><c>Postgres:Password</c>.</param>
internal sealed record ServiceRole(string Name, string Password)
{
    private const string NameKey = "Postgres:User";
    private const string PasswordKey = "Postgres:Password";

    /// <summary>Reads the role.</summary>
    /// <returns>The role; null where none is given (requests are then served with the role of the connection string), and after an
    /// error.</returns>
    public static ServiceRole? Read(SettingsReader settings)
    {
        var (name, password) = (settings.Text(NameKey), settings.Secret(PasswordKey));
        if (name is not null && !string.IsNullOrEmpty(password))
        {
            return new(name, password);
        }

        if (name is not null || !string.IsNullOrEmpty(password))
        {
            var (given, missing) = name is null ? (PasswordKey, NameKey) : (NameKey, PasswordKey);
            settings.Report(
                missing,
                $"is missing, and {given} is given. Set both, or neither to serve requests with the role of ConnectionStrings:neurocred."
            );
        }

        return null;
    }

    /// <summary>A connection string with this role in the place of its own.</summary>
    public string ApplyTo(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            Username = Name,
            Password = Password,
            Passfile = null,
        }.ConnectionString;
}
