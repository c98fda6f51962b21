using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.RegularExpressions;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Settings;
using Npgsql;

namespace NeuroCred.Api.Security;

/// <summary>
/// The verb <c>keys</c>: makes, lists, rotates and revokes API keys. A new key is all that is written to the output; what is for people
/// goes to the error output. Exits with 0; with 1 and the reason if it changed nothing; with 2 if the command line is wrong.
/// </summary>
internal sealed partial class KeysCommand(TextWriter output, TextWriter error)
{
    public const string Verb = "keys";

    /// <summary>How many keys may be valid at once: each replica reads all of them four times a second.</summary>
    public const int MaxKeys = 1000;

    private static readonly TimeSpan s_defaultOverlap = TimeSpan.FromHours(24);

    // That of replicas is 1 s. A program that has just started may take longer between two statements, while others use the processors.
    private const string IdleTimeout = "SET LOCAL idle_in_transaction_session_timeout = '30s'";

    private readonly Option<string> _client = new("--client")
    {
        Description = "The client's name: 1 to 64 letters, digits, dots, underscores and hyphens",
        HelpName = "name",
        Required = true,
    };

    private readonly Option<Scopes> _scopes = new("--scopes")
    {
        Description = $"What the key may do: {ScopeNames.Expected}",
        HelpName = "names",
        Required = true,
        CustomParser = ReadScopes,
    };

    private readonly Option<TimeSpan> _overlap = new("--overlap")
    {
        Description = "How long the old key is valid beside the new one, such as 30m or 7d",
        HelpName = "duration",
        DefaultValueFactory = _ => s_defaultOverlap,
        CustomParser = ReadOverlap,
    };

    private readonly Argument<string> _id = new("id") { Description = "The key's id, which 'keys list' shows" };

    /// <summary>Runs it with the program's configuration.</summary>
    public static Task<int> RunAsync(WebApplicationBuilder builder, SettingsReader settings, string[] args) =>
        new KeysCommand(Console.Out, Console.Error).RunAsync(
            args,
            () => ApiOptions.ReadDatabase(settings) is var database && settings.WriteErrors(Console.Error) ? null : database
        );

    /// <summary>Runs the command that the arguments after the verb name.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="readDatabase">Reads the connection string; null if it cannot be used, after the reason was written.</param>
    public async Task<int> RunAsync(string[] args, Func<string?> readDatabase)
    {
        var parsed = CreateRoot(readDatabase).Parse([Verb, .. args]);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(new() { Output = output, Error = error });
        }

        foreach (var mistake in parsed.Errors)
        {
            await error.WriteLineAsync(mistake.Message);
        }

        await error.WriteLineAsync("See 'keys --help'.");
        return 2;
    }

    private RootCommand CreateRoot(Func<string?> readDatabase)
    {
        _client.Validators.Add(result =>
        {
            if (!ClientName().IsMatch(result.GetValueOrDefault<string>() ?? ""))
            {
                result.AddError("--client is not a name. Write 1 to 64 letters, digits, dots, underscores and hyphens.");
            }
        });
        return new("The credit-score service")
        {
            new Command(Verb, "The API keys of all replicas. Each of them takes notice within a second")
            {
                Create("create", "Makes a key, and its client if it is new. The key is shown this once", CreateAsync, [_client, _scopes]),
                Create("list", "Shows all keys", ListAsync),
                Create(
                    "rotate",
                    "Makes a key with the same client and scopes, shown this once. The old one ends after the overlap",
                    RotateAsync,
                    [_overlap],
                    _id
                ),
                Create("revoke", "Ends a key at once, for good", RevokeAsync, argument: _id),
            },
        };

        Command Create(
            string name,
            string description,
            Func<NpgsqlConnection, ParseResult, CancellationToken, Task<Result>> run,
            Option[]? options = null,
            Argument? argument = null
        )
        {
            Command command = new(name, description);
            foreach (var option in options ?? [])
            {
                command.Options.Add(option);
            }

            if (argument is not null)
            {
                command.Arguments.Add(argument);
            }

            command.SetAction((parsed, cancellationToken) => WithDatabaseAsync(readDatabase, run, parsed, cancellationToken));
            return command;
        }
    }

    private async Task<int> WithDatabaseAsync(
        Func<string?> readDatabase,
        Func<NpgsqlConnection, ParseResult, CancellationToken, Task<Result>> run,
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        if (readDatabase() is not { } database)
        {
            return 1;
        }

        try
        {
            await using var source = NpgsqlDataSource.Create(database);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var setting = new NpgsqlCommand(IdleTimeout, connection))
            {
                await setting.ExecuteNonQueryAsync(cancellationToken);
            }

            var result = await run(connection, parsed, cancellationToken);
            if (result.Code == 0)
            {
                await transaction.CommitAsync(cancellationToken);
            }

            await error.WriteAsync(result.Told);
            await output.WriteAsync(result.Written);
            return result.Code;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            await error.WriteLineAsync("This database has no API keys yet. Run the verb migrate of this version first.");
            return 1;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            await error.WriteLineAsync($"Postgres did not carry it out: {DatabaseFaults.Describe(e)}");
            return 1;
        }
    }

    private async Task<Result> CreateAsync(NpgsqlConnection connection, ParseResult parsed, CancellationToken cancellationToken)
    {
        var client = parsed.GetRequiredValue(_client);
        return
            client == ApiKeyStore.DefaultClient
            && !await ApiKeyStore.HasClientAsync(connection, ApiKeyStore.DefaultClient, cancellationToken)
            ? Result.Failed("The client default is that of Api:Key, which no replica has used yet. Start one, or name another client.")
            : await AddAsync(connection, client, parsed.GetRequiredValue(_scopes), "", cancellationToken);
    }

    private async Task<Result> RotateAsync(NpgsqlConnection connection, ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetRequiredValue(_id);
        switch (await ApiKeyStore.FindAsync(connection, id, cancellationToken))
        {
            case null:
                return Unknown(id);
            case { IsValid: false }:
                return Result.Failed($"The key {id} has ended. Make a new one with 'keys create'.");
            case { Configured: true }:
                return Result.Failed(
                    $"The key {id} is the Api:Key of replicas, which would renew it. Start them one after the other with another Api:Key: "
                        + $"the old one ends {ApiKeyStore.ConfiguredLifetime.TotalHours} hours after the last of them, or when you "
                        + "revoke it."
                );
            case var old:
                var ends = await ApiKeyStore.ExpireAsync(connection, id, parsed.GetValue(_overlap), cancellationToken);
                return await AddAsync(connection, old.Client, old.Scopes, $" The key {id} ends at {Show(ends)}.", cancellationToken);
        }
    }

    private async Task<Result> RevokeAsync(NpgsqlConnection connection, ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetRequiredValue(_id);
        if (await ApiKeyStore.FindAsync(connection, id, cancellationToken) is not { } key)
        {
            return Unknown(id);
        }

        if (key.RevokedAt is { } earlier)
        {
            return Result.Done($"The key {id} of the client {key.Client} was revoked at {Show(earlier)}.");
        }

        await ApiKeyStore.RevokeAsync(connection, id, cancellationToken);
        return Result.Done($"The key {id} of the client {key.Client} is revoked.");
    }

    private static async Task<Result> ListAsync(NpgsqlConnection connection, ParseResult parsed, CancellationToken cancellationToken)
    {
        StringBuilder rows = new();
        AddRow("id", "client", "scopes", "state", "made", "ends", "made by");
        foreach (var key in await ApiKeyStore.ListAsync(connection, cancellationToken))
        {
            AddRow(
                key.Id,
                key.Client,
                string.Join(',', key.Scopes.ToNames()),
                key.RevokedAt is not null ? "revoked"
                    : key.IsValid ? "valid"
                    : "expired",
                Show(key.CreatedAt),
                (key.RevokedAt ?? key.ExpiresAt) is { } end ? Show(end) : "never",
                key.Configured ? "Api:Key" : "command"
            );
        }

        return new(0, "", rows.ToString());

        void AddRow(string id, string client, string scopes, string state, string made, string ends, string by) =>
            rows.AppendLine($"{id, -12}  {client, -20}  {scopes, -18}  {state, -7}  {made, -20}  {ends, -20}  {by}");
    }

    private static async Task<Result> AddAsync(
        NpgsqlConnection connection,
        string client,
        Scopes scopes,
        string more,
        CancellationToken cancellationToken
    )
    {
        if (await ApiKeyStore.CountValidAsync(connection, cancellationToken) >= MaxKeys)
        {
            return Result.Failed($"{MaxKeys} keys are valid, which is as many as there may be. Revoke some that nobody uses.");
        }

        var (id, key) = await ApiKeyStore.CreateAsync(connection, client, scopes, cancellationToken);
        return Result.Done(
            $"The key {id} of the client {client} may {string.Join(", ", scopes.ToNames())}. It is shown this once.{more}",
            key + Environment.NewLine
        );
    }

    private static Result Unknown(string id) => Result.Failed($"There is no key {id}. 'keys list' shows the ids.");

    private static string Show(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'");

    private static Scopes ReadScopes(ArgumentResult result)
    {
        if (ScopeNames.TryParse(result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries), out var scopes))
        {
            return scopes.Value;
        }

        result.AddError($"--scopes is not a list of scopes. Write {ScopeNames.Expected}.");
        return default;
    }

    private static TimeSpan ReadOverlap(ArgumentResult result)
    {
        if (Durations.TryParse(result.Tokens[0].Value, out var overlap) && overlap >= TimeSpan.Zero && overlap <= TimeSpan.FromDays(365))
        {
            return overlap;
        }

        result.AddError("--overlap is not a duration up to 365 days. Write it as 30m, 24h or 7d; 0s ends the old key at once.");
        return default;
    }

    /// <summary>How a command ended. What it changed is committed before a word of it is written.</summary>
    private sealed record Result(int Code, string Told, string Written)
    {
        public static Result Done(string told, string written = "") => new(0, told + Environment.NewLine, written);

        public static Result Failed(string problem) => new(1, problem + Environment.NewLine, "");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex ClientName();
}
