using System.Text.Json.Nodes;
using Aspire.Hosting.Secrets;

namespace Aspire.Hosting.Tests.Model;

/// <summary>Values that are kept between runs of an AppHost.</summary>
public sealed class UserSecretsTests : IDisposable
{
    private readonly string _id = $"aspire-hosting-tests-{Guid.NewGuid():N}";

    private string FilePath => new UserSecrets(_id).FilePath!;

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(FilePath)))
        {
            Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
        }
    }

    [Fact]
    public void A_value_is_made_in_the_first_run_and_found_in_the_next()
    {
        Assert.Equal("made", new UserSecrets(_id).GetOrAdd("Parameters:password", () => "made"));
        Assert.Equal("made", new UserSecrets(_id).GetOrAdd("Parameters:password", () => "made again"));
        Assert.Equal("made", JsonNode.Parse(File.ReadAllText(FilePath))!["Parameters:password"]!.GetValue<string>());
    }

    [Fact]
    public void Only_the_user_can_read_the_file()
    {
        new UserSecrets(_id).GetOrAdd("key", () => "value");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void What_the_user_put_there_stays_comments_and_trailing_commas_do_not_disturb()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, """
            {
              // mine
              "mine": "kept",
              "number": 5,
            }
            """);
        var secrets = new UserSecrets(_id);
        Assert.Equal("value", secrets.GetOrAdd("key", () => "value"));
        Assert.Equal("5", secrets.GetOrAdd("number", () => "value"));
        Assert.Equal("kept", JsonNode.Parse(File.ReadAllText(FilePath))!["mine"]!.GetValue<string>());
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "{ not json");
        var problem = Assert.Throws<DistributedApplicationException>(() => new UserSecrets(_id).GetOrAdd("key", () => "value"));
        Assert.Contains(FilePath, problem.Message, StringComparison.Ordinal);
        Assert.Contains("'key'", problem.Message, StringComparison.Ordinal);
        Assert.Equal("{ not json", File.ReadAllText(FilePath));
    }

    [Fact]
    public async Task AppHosts_that_start_at_once_agree_on_every_value()
    {
        const int appHosts = 6;
        const int keys = 10;
        using var together = new Barrier(appHosts);
        var runs = await Task.WhenAll(Enumerable.Range(0, appHosts).Select(run => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, keys).Select(key => new UserSecrets(_id).GetOrAdd($"key-{key}", () => $"made by {run}")).ToArray();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.All(runs, values => Assert.Equal(runs[0], values));
        Assert.Equal(keys, JsonNode.Parse(await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken))!.AsObject().Count);
    }

    [Fact]
    public void An_AppHost_without_user_secrets_makes_the_value_anew()
    {
        var none = new UserSecrets(null);
        Assert.Equal("first", none.GetOrAdd("key", () => "first"));
        Assert.Equal("second", none.GetOrAdd("key", () => "second"));
    }
}
