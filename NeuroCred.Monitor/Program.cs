using NeuroCred.Monitor;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Live;
using NeuroCred.Monitor.Page;
using NeuroCred.ServiceDefaults.Configuration;

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // settings come from beside the program, wherever it is started from
});

MonitorOptions options;
try
{
    options = MonitorOptionsReader.Read(builder.Configuration);
}
catch (InvalidConfigurationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

builder.UseDefaultPort(8090);
builder.AddServiceDefaults();
builder.Services.AddMonitor(options);
builder.Services.AddDiagnosis();
builder.Services.AddLive();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDiagnosis();
app.MapLive();
app.MapPage();
await app.RunAsync();
return 0;
