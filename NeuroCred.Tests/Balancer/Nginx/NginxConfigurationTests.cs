using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;

namespace NeuroCred.Tests.Balancer.Nginx;

[StartsProcesses]
public sealed class NginxConfigurationTests
{
    private const string Gateway = "conf.d/gateway.conf";

    private const string Default = "defaults";

    public static TheoryData<string> Settings { get; } = [.. TestConfigurations.All.Keys];

    public static TheoryData<string> OtherSettings { get; } = [.. TestConfigurations.All.Keys.Where(settings => settings != Default)];

    [Fact]
    public void What_is_rendered_by_default_is_what_was_reviewed() =>
        Snapshot.Matches(Text(Default), "Balancer/Nginx/Expected/defaults.conf");

    [Theory]
    [MemberData(nameof(OtherSettings))]
    public void Settings_change_what_is_rendered_as_it_was_reviewed(string settings) =>
        Snapshot.Matches(LineDiff.Of(Text(Default), Text(settings)), $"Balancer/Nginx/Expected/{settings}.diff");

    [Fact]
    public void A_difference_is_told_with_its_place()
    {
        Assert.Equal("", LineDiff.Of("a\nb\n", "a\nb\n"));
        Assert.Equal("@@ line 1 @@\n+x\n@@ line 2 @@\n-b\n+c\n@@ line 4 @@\n-d\n", LineDiff.Of("a\nb\n}\nd", "x\na\nc\n}"));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Nginx_accepts_every_rendered_configuration(string settings)
    {
        Assert.SkipWhen(InstalledNginx.Path is null, "nginx is not installed: ./setup.sh installs it.");
        // A version's own directives are known to that version alone.
        var configuration = TestConfigurations.All[settings];
        Assert.SkipWhen(
            configuration.NginxVersion > await InstalledNginx.GetVersionAsync(),
            $"The installed nginx is older than {configuration.NginxVersion}."
        );
        Assert.SkipWhen(configuration.JsModule is not null && !File.Exists(configuration.JsModule), "nginx's module njs is not installed.");
        using var folder = new TemporaryFolder();
        InstalledNginx.Write(folder.Path, configuration.Render());

        var (code, output) = await InstalledNginx.CheckAsync(folder.Path);

        Assert.True(code == 0, output);
        // A warning is a directive that does not do what it says.
        Assert.DoesNotContain("[warn]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Localhost_is_one_server_and_not_one_per_address_family() =>
        Assert.Contains("server 127.0.0.1:4001 max_fails=", TestConfigurations.All[Default].Render()[Gateway], StringComparison.Ordinal);

    [Fact]
    public void A_value_cannot_end_its_directive() =>
        Assert.Contains(
            """ server_name "~^(?<tenant>[a-z]{1,8})\\.x\"; } # {{listen}} $"; """.Trim(),
            TestConfigurations.All["names-that-need-quotes"].Render()[Gateway],
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("\r", "carriage return (CR)")]
    [InlineData("\n", "line feed (LF)")]
    [InlineData("\0", "control character 0x00")]
    public void An_address_with_a_line_end_is_refused_by_name(string end, string name)
    {
        var configuration = TestConfigurations.All[Default] with { Servers = [new("api-1", $"evil{end}host", 4001)] };

        var error = Assert.Single(Assert.Throws<OptionsValidationException>(configuration.Render).Failures);

        Assert.Contains("'api-1'", error, StringComparison.Ordinal);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.DoesNotContain(end, error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string?, BalancingPolicy> WithoutHolding { get; } =
        new()
        {
            {
                "the policy gives it no time",
                NginxConfiguration.UsualJsModule,
                new() { Holding = new() { Time = TimeSpan.Zero } }
            },
            { "nginx has no module njs", null, new() },
            {
                "a POST may not be sent again",
                NginxConfiguration.UsualJsModule,
                new() { Retries = new() { Conditions = [RetryCondition.Error, RetryCondition.Http503] } }
            },
            {
                "no failure lets a request be sent again",
                NginxConfiguration.UsualJsModule,
                new() { Retries = new() { Conditions = [RetryCondition.NonIdempotent] } }
            },
        };

    [Theory]
    [MemberData(nameof(WithoutHolding))]
    public void Where_no_request_is_held_nothing_of_njs_is_rendered(string why, string? jsModule, BalancingPolicy policy)
    {
        var files = (TestConfigurations.All[Default] with { JsModule = jsModule, Policy = policy }).Render();

        Assert.All(
            files,
            file =>
                Assert.False(
                    file.Key.Contains("hold", StringComparison.Ordinal)
                        || file.Value.Contains("js_", StringComparison.Ordinal)
                        || file.Value.Contains("load_module", StringComparison.Ordinal)
                        || file.Value.Contains("$gateway_held", StringComparison.Ordinal),
                    $"{why}: {file.Key}"
                )
        );
    }

    [Fact]
    public void An_nginx_that_cannot_follow_names_is_not_told_to() =>
        Assert.Throws<InvalidOperationException>(() =>
            (TestConfigurations.All["replicas-behind-a-name"] with { NginxVersion = new(1, 27, 2) }).Render()
        );

    [Fact]
    public void An_invalid_policy_is_not_rendered()
    {
        var configuration = TestConfigurations.All[Default] with
        {
            Policy = new()
            {
                ServerName = "a\nb",
                Timeouts = new() { Connect = TimeSpan.Zero },
            },
        };

        Assert.Equal(2, Assert.Throws<OptionsValidationException>(configuration.Render).Failures.Count());
    }

    [Fact]
    public void A_placeholder_that_an_operator_misspelt_is_named_together_with_the_known_ones()
    {
        var template = new TextTemplate("nginx/conf.d/x.conf", "listen {{lisen}};");

        var exception = Assert.Throws<OptionsValidationException>(() =>
            template.Render(new Dictionary<string, string> { ["listen"] = "80" })
        );

        Assert.Equal(
            ["The template 'nginx/conf.d/x.conf' has a placeholder {{lisen}}, and nothing of that name: use one of listen."],
            exception.Failures
        );
    }

    [Fact]
    public void A_line_whose_only_placeholder_has_no_value_goes_and_further_lines_are_indented()
    {
        var template = new TextTemplate("x", "a\n    {{none}}\n    {{two}}\nb {{none}}\n");

        Assert.Equal("a\n    1\n    2\nb \n", template.Render(new Dictionary<string, string> { ["none"] = "", ["two"] = "1\n2" }));
    }

    private static string Text(string settings) =>
        string.Concat(TestConfigurations.All[settings].Render().Select(file => $"### {file.Key}\n\n{file.Value}\n"));
}
