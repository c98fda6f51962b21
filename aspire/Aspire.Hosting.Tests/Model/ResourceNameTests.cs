using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class ResourceNameTests
{
    [Theory]
    [InlineData("1api", "does not begin with an ASCII letter")]
    [InlineData("-api", "does not begin with an ASCII letter")]
    [InlineData("äpi", "does not begin with an ASCII letter")]
    [InlineData("my_api", "has a character other than")]
    [InlineData("my api", "has a character other than")]
    [InlineData("api-", "ends with a hyphen")]
    [InlineData("my--api", "two in a row")]
    public void A_name_that_breaks_the_rules_is_refused_with_the_rule_it_breaks(string name, string rule)
    {
        var refusal = Assert.Throws<ArgumentException>(() => TestModel.CreateBuilder().AddProgram(name));
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_64_characters()
    {
        var builder = TestModel.CreateBuilder();
        builder.AddProgram(new('a', 64));
        var refusal = Assert.Throws<ArgumentException>(() => builder.AddProgram(new('b', 65)));
        Assert.Contains("longer than 64", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_resource_of_a_name_is_refused_whatever_its_case_and_kind()
    {
        var builder = TestModel.CreateBuilder();
        builder.AddProgram("api");
        var refusal = Assert.Throws<DistributedApplicationException>(() => builder.AddParameter("API", "value"));
        Assert.Contains("'API'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ExecutableResource), refusal.Message, StringComparison.Ordinal);
        Assert.Single(builder.Resources);
    }

    [Fact]
    public void A_resource_is_found_by_its_name_whatever_its_case()
    {
        var builder = TestModel.CreateBuilder();
        var program = builder.AddProgram("api").Resource;
        Assert.True(builder.Resources.TryGetByName("Api", out var found));
        Assert.Same(program, found);
        Assert.False(builder.Resources.TryGetByName("other", out _));
    }
}
