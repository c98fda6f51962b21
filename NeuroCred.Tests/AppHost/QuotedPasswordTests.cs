using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using NeuroCred.AppHost;
using Npgsql;

namespace NeuroCred.Tests.AppHost;

public sealed class QuotedPasswordTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData(" a;b\"c'd=e,f$g\"\" ü ")]
    public async Task A_password_reaches_whoever_refers_to_the_server_or_to_a_database_of_it(string password)
    {
        var builder = DistributedApplication.CreateBuilder();
        var postgres = builder
            .AddPostgres("postgres", password: builder.AddParameter("password", password, secret: true))
            .WithQuotedPassword();
        var database = postgres.AddDatabase("scores");
        postgres.Resource.PrimaryEndpoint.EndpointAnnotation.AllocatedEndpoint = new(
            postgres.Resource.PrimaryEndpoint.EndpointAnnotation,
            "db",
            1234
        );

        foreach (var resource in (IResourceWithConnectionString[])[postgres.Resource, database.Resource])
        {
            var given = new NpgsqlConnectionStringBuilder(await resource.GetConnectionStringAsync(Cancellation));
            Assert.Equal(("db", 1234, "postgres", password), (given.Host, given.Port, given.Username, given.Password));
        }
    }
}
