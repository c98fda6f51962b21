using Aspire.Hosting.Tests.AppHost;

// An AppHost, a server that one can run, or one of the ways in which an AppHost goes wrong, for the tests to look at.
return args switch
{
    ["serve", ..] => await Server.RunAsync(),
    ["refuse", ..] => throw new InvalidOperationException("This AppHost does not want to be built."),
    ["forget", ..] => 0,
    _ => SampleAppHost.Run(args),
};

/// <summary>Names the assembly for the testing builder.</summary>
public partial class Program;
