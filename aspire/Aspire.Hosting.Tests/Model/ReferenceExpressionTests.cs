using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class ReferenceExpressionTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder(("Parameters:user", "alice"), ("Parameters:json", "{0} {x}"));

    [Fact]
    public async Task Values_are_filled_in_late_among_literal_text()
    {
        var endpoint = _builder.AddProgram("db").WithEndpoint().GetEndpoint("tcp");
        var user = _builder.AddParameter("user");
        var text = ReferenceExpression.Create($"Host={endpoint.Property(EndpointProperty.Host)};User={user};Kind={"fixed"}");
        var waiting = text.GetValueAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);

        endpoint.EndpointAnnotation.AllocatedEndpoint = new(endpoint.EndpointAnnotation, "db.example", 5432);
        Assert.Equal("Host=db.example;User=alice;Kind=fixed", await waiting);
        Assert.Equal("Host={db.bindings.tcp.host};User={user.value};Kind=fixed", text.ValueExpression);
    }

    [Fact]
    public async Task Braces_in_the_text_and_in_values_stay_as_they_are()
    {
        var json = _builder.AddParameter("json");
        Assert.Equal("{\"a\": \"{0} {x}\"}", await ValueAsync(ReferenceExpression.Create($"{{\"a\": \"{json}\"}}")));
        Assert.Equal("{0}", await ValueAsync(ReferenceExpression.Create($"{"{0}"}")));
        Assert.Equal("{}", await ValueAsync(ReferenceExpression.Create($"{{}}")));
        Assert.Equal("{0} {x}", await ValueAsync(ReferenceExpression.Create($"{json}")));
    }

    [Fact]
    public async Task An_expression_may_hold_another()
    {
        var inner = ReferenceExpression.Create($"{{{_builder.AddParameter("user")}}}");
        Assert.Equal("a{alice}b", await ValueAsync(ReferenceExpression.Create($"a{inner}b")));
    }

    [Fact]
    public async Task The_empty_expression_is_the_empty_text()
    {
        Assert.Equal("", await ValueAsync(ReferenceExpression.Empty));
        Assert.Empty(ReferenceExpression.Empty.ValueProviders);
    }

    [Fact]
    public async Task A_value_that_is_missing_is_named()
    {
        var expression = ReferenceExpression.Create($"x{_builder.AddParameter("missing")}");
        var problem = await Assert.ThrowsAnyAsync<DistributedApplicationException>(() => ValueAsync(expression));
        Assert.Contains("'missing'", problem.Message, StringComparison.Ordinal);
    }

    private static Task<string?> ValueAsync(ReferenceExpression expression) => expression.GetValueAsync(TestContext.Current.CancellationToken).AsTask();
}
