using NeuroCred.Api;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.Api.Migrations;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Security;
using NeuroCred.Api.Wallets;
using NeuroCred.ServiceDefaults.Configuration;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Management;

if (args is [var verb, ..] && !verb.StartsWith('-') && verb != MigrateCommand.Verb)
{
    await Console.Error.WriteLineAsync($"Unknown verb '{verb}'. Use '{MigrateCommand.Verb}' to bring the schema up to date, or no verb to serve.");
    return 2;
}

var migrate = args is [MigrateCommand.Verb, ..];
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = migrate ? args[1..] : args,
    ContentRootPath = AppContext.BaseDirectory, // settings come from beside the program, wherever it is started from
});

ApiOptions options;
try
{
    if (!builder.Configuration.TryAddSecretFiles(out var errors))
    {
        throw new InvalidConfigurationException(errors);
    }
    if (migrate)
    {
        return await Migration.RunAsync(builder);
    }
    options = ApiOptionsReader.Read(builder.Configuration);
    builder.UseManagementPort(9091);
}
catch (InvalidConfigurationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

builder.UseDefaultPort(4000);
builder.AddServiceDefaults();
builder.AddApi(options);

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseLiveScores();
app.UseRouting();
app.UseApiKey();
app.UseRateLimiter();
app.MapDrain().RequireApiKey();
app.MapTransactionsApi();
app.MapScoresApi();
app.MapLiveScoresApi();
await app.RunAsync();
return 0;
