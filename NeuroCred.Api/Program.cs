using Microsoft.Extensions.Options;
using NeuroCred.Api;
using NeuroCred.Api.Bodies;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.Api.Migrations;
using NeuroCred.Api.Security;
using NeuroCred.ServiceDefaults.Configuration;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Management;
using NeuroCred.Settings;

if (args is [var verb, ..] && !verb.StartsWith('-') && verb != MigrateCommand.Verb)
{
    await Console.Error.WriteLineAsync(
        $"Unknown verb '{verb}'. Use '{MigrateCommand.Verb}' to bring the schema up to date, or no verb to serve."
    );
    return 2;
}

var migrate = args is [MigrateCommand.Verb, ..];
var builder = WebApplication.CreateSlimBuilder(
    new WebApplicationOptions
    {
        Args = migrate ? args[1..] : args,
        ContentRootPath = AppContext.BaseDirectory, // settings come from beside the program, wherever it is started from
    }
);

var settings = new SettingsReader(builder.Configuration);
builder.Configuration.AddSecretFiles(settings);
if (settings.WriteErrors(Console.Error))
{
    return 1; // without the files, more would seem to be missing
}

if (migrate)
{
    return await Migration.RunAsync(builder, settings);
}

var options = ApiOptions.Read(settings);
builder.UseDefaultPort(4000);
builder.UseManagementPort(DefaultPorts.Management, settings);
builder.AddServiceDefaults(settings);
if (settings.WriteErrors(Console.Error))
{
    return 1;
}

builder.AddApi(options);

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseLiveScores();
app.UseRouting();
app.UseApiKey();
app.UseRateLimiter();
app.UseJsonBodies();
app.MapDrain().RequireApiKey();
app.MapApi();
try
{
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
