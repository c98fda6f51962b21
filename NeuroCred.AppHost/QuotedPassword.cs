namespace NeuroCred.AppHost;

/// <summary>A password as a value of a connection string in .NET's format, where an unquoted semicolon would end it.</summary>
internal sealed class QuotedPassword(ParameterResource password) : IValueProvider, IManifestExpressionProvider
{
    public string ValueExpression => password.ValueExpression;

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        $"\"{(await password.GetValueAsync(cancellationToken))?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

internal static class QuotedPasswordExtensions
{
    /// <summary>
    /// Quotes the password in the server's connection string, which Aspire does not: for whatever refers to the server or a database of it,
    /// and for Aspire's own health checks.
    /// </summary>
    internal static IResourceBuilder<PostgresServerResource> WithQuotedPassword(this IResourceBuilder<PostgresServerResource> postgres)
    {
        var server = postgres.Resource;
        var quoted = new QuotedPassword(server.PasswordParameter);
        return postgres.WithConnectionStringRedirection(
            new ConnectionStringResource(
                $"{server.Name}-quoted",
                ReferenceExpression.Create($"Host={server.Host};Port={server.Port};Username={server.UserNameReference};Password={quoted}")
            )
        );
    }
}
