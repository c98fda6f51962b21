using Microsoft.Extensions.Options;
using NeuroCred.Api;
using NeuroCred.Api.Bodies;
using NeuroCred.Api.Browsers;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.Api.RateLimiting;
using NeuroCred.Api.Security;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Configuration;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Management;
using NeuroCred.Settings;

Verb? verb = null;
if (args is [var name, ..] && !name.StartsWith('-') && (verb = Verbs.Find(name)) is null)
{
    await Console.Error.WriteLineAsync(Verbs.DescribeUnknown(name));
    return 2;
}

var words = verb is null ? [] : args[..verb.CountWords(args)];
var builder = WebApplication.CreateSlimBuilder(
    new WebApplicationOptions
    {
        Args = args[words.Length..],
        ContentRootPath = AppContext.BaseDirectory, // settings come from beside the program, wherever it is started from
    }
);

var settings = new SettingsReader(builder.Configuration);
builder.Configuration.AddSecretFiles(settings);
if (settings.WriteErrors(Console.Error))
{
    return 1; // without the files, more would seem to be missing
}

if (verb is not null)
{
    return await verb.RunAsync(builder, settings, words[1..]);
}

var options = ApiOptions.Read(settings);
builder.UseDefaultPort(4000);
builder.UseManagementPort(DefaultPorts.Management, settings);
builder.AddServiceDefaults(settings);
builder.AddCorsOrigins(settings);
if (settings.WriteErrors(Console.Error))
{
    return 1;
}

builder.AddApi(options);

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseLiveScores();
app.UseOptions();
app.UseRouting();
app.UseCorsOrigins();
app.UseApiKey();
app.UseRateLimits();
app.UseRateLimiter();
app.UseJsonBodies();
app.MapDrain().RequireScope(Scopes.Operate);
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
