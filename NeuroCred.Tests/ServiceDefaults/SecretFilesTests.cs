using Microsoft.Extensions.Configuration;
using NeuroCred.ServiceDefaults.Configuration;
using NeuroCred.Settings;

namespace NeuroCred.Tests.ServiceDefaults;

public sealed class SecretFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_a_setting_and_counts_more_than_a_variable()
    {
        File.WriteAllText(_folder.At("Api__Key"), "from-a-file\n");
        File.WriteAllText(_folder.At("ConnectionStrings__neurocred"), "Host=db;Password=a b");
        var configuration = Configure(("Secrets:Directory", _folder.Path), ("Api:Key", "from-a-variable"));

        AddSecretFiles(configuration, out var errors);

        Assert.Empty(errors);
        Assert.Equal("from-a-file", configuration["Api:Key"]);
        Assert.Equal("Host=db;Password=a b", configuration["ConnectionStrings:neurocred"]);
    }

    [Fact]
    public void Files_that_are_links_as_Kubernetes_mounts_them_are_read_and_folders_are_not()
    {
        var data = Directory.CreateDirectory(_folder.At("..2026_01_01")).FullName;
        File.WriteAllText(Path.Combine(data, "Api__Key"), "linked");
        Directory.CreateSymbolicLink(_folder.At("..data"), data);
        File.CreateSymbolicLink(_folder.At("Api__Key"), Path.Combine("..data", "Api__Key"));
        var configuration = Configure(("Secrets:Directory", _folder.Path));

        AddSecretFiles(configuration, out _);

        Assert.Equal("linked", configuration["Api:Key"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Without_a_folder_nothing_is_read(string? folder)
    {
        AddSecretFiles(Configure(("Secrets:Directory", folder)), out var errors);

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("run/secrets", "absolute path")]
    [InlineData("/nowhere/secrets", "is no folder")]
    public void A_folder_that_cannot_be_is_named_with_the_fix(string folder, string fix)
    {
        AddSecretFiles(Configure(("Secrets:Directory", folder)), out var errors);

        var error = Assert.Single(errors);
        Assert.StartsWith($"Secrets:Directory is '{folder}'", error, StringComparison.Ordinal);
        Assert.Contains(fix, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_cannot_be_read_is_named()
    {
        foreach (var name in new[] { "Api__Key", "ConnectionStrings__redis" })
        {
            // A link that leads nowhere: root may read everything else.
            File.CreateSymbolicLink(_folder.At(name), _folder.At("gone"));
        }

        AddSecretFiles(Configure(("Secrets:Directory", _folder.Path)), out var errors);

        Assert.Equal(2, errors.Count);
        Assert.All(
            ["Api__Key", "ConnectionStrings__redis"],
            name => Assert.Contains(errors, error => error.Contains(name, StringComparison.Ordinal))
        );
    }

    private static void AddSecretFiles(ConfigurationManager configuration, out IReadOnlyList<string> errors)
    {
        var settings = new SettingsReader(configuration);
        configuration.AddSecretFiles(settings);
        errors = settings.Errors;
    }

    private static ConfigurationManager Configure(params (string Key, string? Value)[] values)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, value.Value)));
        return configuration;
    }
}
