using NeuroCred.Monitor;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Live;
using NeuroCred.Monitor.Page;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Configuration;
using NeuroCred.Settings;

var builder = WebApplication.CreateSlimBuilder(
    new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory, // settings come from beside the program, wherever it is started from
    }
);

var settings = new SettingsReader(builder.Configuration);
var options = MonitorOptions.Read(settings);
builder.UseDefaultPort(8090);
builder.AddServiceDefaults(settings);
if (settings.WriteErrors(Console.Error))
{
    return 1;
}

builder.Services.AddMonitor(options);
builder.Services.AddLive();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapLive();
app.MapPage();
await app.RunAsync();
return 0;
