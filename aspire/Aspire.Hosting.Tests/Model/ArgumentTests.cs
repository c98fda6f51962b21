using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class ArgumentTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder(("Parameters:user", "alice"), ("Parameters:password", "p"));

    [Fact]
    public async Task Arguments_arrive_in_order_texts_and_late_values_alike()
    {
        var endpoint = _builder.AddProgram("other").WithHttpEndpoint(4001, isProxied: false).GetEndpoint("http");
        var program = _builder.AddExecutable("program", "echo", ".", "first", "second")
            .WithArgs("--url", endpoint)
            .WithArgs(context => context.Args.Add(ReferenceExpression.Create($"user={_builder.AddParameter("user")}")))
            .WithArgs(async context =>
            {
                await Task.Yield();
                context.Args.Add(5);
                context.Args.Add("");
            });
        _builder.Allocate();
        Assert.Equal(["first", "second", "--url", "http://localhost:4001", "user=alice", "5", ""], await program.ArgumentsAsync());
    }

    [Fact]
    public async Task A_callback_can_take_an_argument_away()
    {
        var program = _builder.AddExecutable("program", "echo", ".", "keep", "drop").WithArgs(context => context.Args.Remove("drop"));
        Assert.Equal(["keep"], await program.ArgumentsAsync());
    }

    [Fact]
    public async Task An_argument_that_holds_a_secret_is_sensitive_and_others_are_not()
    {
        var password = _builder.AddParameter("password", secret: true);
        var program = _builder.AddProgram().WithArgs(
            "plain",
            _builder.AddParameter("user"),
            password,
            password.Resource,
            ReferenceExpression.Create($"pw={password}"),
            _builder.AddRedis("cache", password: password));
        _builder.Allocate();
        var arguments = await ResourceConfiguration.GetArgumentsAsync(
            program.Resource, _builder.ExecutionContext, logger: null, TestContext.Current.CancellationToken);
        Assert.Equal([false, false, true, true, true, true], arguments.Select(a => a.IsSensitive));
        Assert.Equal(["plain", "alice", "p", "p", "pw=p"], arguments.Take(5).Select(a => a.Value));
    }
}
