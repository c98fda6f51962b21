using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Model;

public sealed class ParameterTests
{
    [Fact]
    public async Task The_configuration_gives_the_value()
    {
        var builder = TestModel.CreateBuilder(("Parameters:apikey", "from-configuration"));
        Assert.Equal("from-configuration", await ValueAsync(builder.AddParameter("apikey")));
    }

    [Fact]
    public async Task The_configuration_wins_over_the_model()
    {
        var builder = TestModel.CreateBuilder(("Parameters:one", "configured"), ("Parameters:two", "configured"));
        Assert.Equal("configured", await ValueAsync(builder.AddParameter("one", "model")));
        Assert.Equal("configured", await ValueAsync(builder.AddParameter("two", new GenerateParameterDefault())));
        Assert.Equal("model", await ValueAsync(builder.AddParameter("three", "model")));
    }

    [Fact]
    public async Task A_missing_value_is_named_with_the_two_ways_to_give_it()
    {
        var parameter = TestModel.CreateBuilder().AddParameter("apikey");
        var problem = await Assert.ThrowsAsync<MissingParameterValueException>(() => ValueAsync(parameter));
        Assert.Equal(
            "The parameter 'apikey' has no value. Give it as 'Parameters:apikey' in the configuration, or as the environment variable 'Parameters__apikey'.",
            problem.Message);
    }

    [Fact]
    public async Task The_value_is_asked_for_once_and_late()
    {
        var builder = TestModel.CreateBuilder();
        var parameter = builder.AddParameter("late", new GenerateParameterDefault());
        builder.Configuration.AddInMemoryCollection([new("Parameters:late", "given after the parameter")]);
        Assert.Equal("given after the parameter", await ValueAsync(parameter));

        var generated = builder.AddParameter("generated", new GenerateParameterDefault());
        Assert.Equal(await ValueAsync(generated), await ValueAsync(generated));
    }

    [Fact]
    public void A_secret_is_flagged()
    {
        var builder = TestModel.CreateBuilder();
        Assert.True(builder.AddParameter("one", secret: true).Resource.Secret);
        Assert.True(builder.AddParameter("two", "value", secret: true).Resource.Secret);
        Assert.True(builder.AddParameter("three", new GenerateParameterDefault(), secret: true).Resource.Secret);
        Assert.True(ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "four").Secret);
        Assert.False(builder.AddParameter("five").Resource.Secret);
    }

    [Fact]
    public void A_generated_value_is_22_characters_of_every_kind_and_never_the_same()
    {
        var values = Enumerable.Range(0, 100).Select(_ => new GenerateParameterDefault().GetDefaultValue()).ToArray();
        Assert.All(values, v => Assert.Equal(22, v.Length));
        Assert.Equal(values.Length, values.Distinct().Count());
        var all = string.Concat(values);
        Assert.Contains(all, char.IsAsciiLetterLower);
        Assert.Contains(all, char.IsAsciiLetterUpper);
        Assert.Contains(all, char.IsAsciiDigit);
        Assert.Contains(all, c => !char.IsAsciiLetterOrDigit(c));
    }

    [Fact]
    public void A_generated_value_has_at_least_what_is_asked_for_and_nothing_that_is_not()
    {
        for (var i = 0; i < 100; i++)
        {
            var value = new GenerateParameterDefault { MinLength = 12, Upper = false, Special = false, MinLower = 3, MinNumeric = 4 }.GetDefaultValue();
            Assert.Equal(12, value.Length);
            Assert.True(value.Count(char.IsAsciiLetterLower) >= 3);
            Assert.True(value.Count(char.IsAsciiDigit) >= 4);
            Assert.All(value, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
        }

        Assert.Equal(9, new GenerateParameterDefault { MinLength = 1, MinLower = 4, MinUpper = 5 }.GetDefaultValue().Length);
    }

    [Fact]
    public void A_value_without_any_kind_of_characters_cannot_be_generated()
        => Assert.Contains(
            "at least one kind of characters",
            Assert.Throws<InvalidOperationException>(
                () => new GenerateParameterDefault { Lower = false, Upper = false, Numeric = false, Special = false }.GetDefaultValue()).Message,
            StringComparison.Ordinal);

    private static Task<string?> ValueAsync(IResourceBuilder<ParameterResource> parameter)
        => parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken).AsTask();
}
