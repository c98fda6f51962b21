using Aspire.Hosting.Processes.Tests.AppHost;

// An AppHost for the tests to look at, or one of the servers that it runs.
if (args is ["serve", var name])
{
    await Server.RunAsync(name);
}
else
{
    await SampleAppHost.RunAsync(args);
}
