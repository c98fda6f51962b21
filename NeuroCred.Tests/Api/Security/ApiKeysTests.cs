using System.Net.WebSockets;
using NeuroCred.Api.Security;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api.Security;

/// <summary>What clients notice of API keys at replicas that share a Postgres.</summary>
[StartsProcesses]
public sealed class ApiKeysTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly KeysProgram _keys = new(postgres.ConnectionString);

    [Fact]
    public async Task A_new_key_works_on_every_replica_and_none_takes_it_a_second_after_it_was_revoked()
    {
        await using var first = await ApiReplica.StartAsync(postgres.ConnectionString);
        await using var second = await ApiReplica.StartAsync(postgres.ConnectionString);
        var (id, key) = await _keys.CreateAsync("lender", "read");
        foreach (var replica in (ApiReplica[])[first, second])
        {
            await KnowsAsync(replica, key);
        }

        await _keys.RevokeAsync(id);
        await Task.Delay(ApiKeys.MaxAge, Cancellation); // what is promised

        Assert.Equal(HttpStatusCode.Unauthorized, (await first.ReadAsync(key)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.ReadAsync(key)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await second.ReadAsync(Workload.ApiKey)).StatusCode);
    }

    [Fact]
    public async Task A_key_can_be_made_on_a_busy_machine_where_the_program_pauses_longer_than_a_replica_may()
    {
        await using (await ApiReplica.StartAsync(postgres.ConnectionString))
        {
            // It has made the tables.
        }

        await postgres.RunAsync(
            """
            CREATE FUNCTION allow_pauses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF current_setting('idle_in_transaction_session_timeout')::interval < interval '30 s' THEN
                    RAISE 'a pause would end the session';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER allow_pauses BEFORE INSERT ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION allow_pauses()
            """
        );
        try
        {
            await _keys.CreateAsync("busy", "read");
        }
        finally
        {
            await postgres.RunAsync("DROP FUNCTION allow_pauses CASCADE");
        }
    }

    [Fact]
    public async Task A_replica_that_cannot_renew_its_own_key_takes_the_keys_that_are_stored()
    {
        await using (await ApiReplica.StartAsync(postgres.ConnectionString))
        {
            // It has stored its own.
        }

        await postgres.RunAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no key is stored'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse()
            """
        );
        try
        {
            await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString);

            Assert.Equal(HttpStatusCode.NotFound, (await replica.ReadAsync(Workload.ApiKey)).StatusCode);
        }
        finally
        {
            await postgres.RunAsync("DROP FUNCTION refuse CASCADE");
        }
    }

    [Fact]
    public async Task A_replica_cut_off_from_Postgres_takes_no_key_for_long_and_calls_none_wrong()
    {
        await using var network = new NetworkCut(postgres.Port);
        await using var replica = await ApiReplica.StartAsync(PostgresServer.ConnectionStringOn(network.Port));
        var (id, key) = await _keys.CreateAsync("lender", "read,operate");
        await KnowsAsync(replica, key);

        network.FallSilent();
        await _keys.RevokeAsync(id);
        await Task.Delay(ApiKeys.MaxAge, Cancellation); // what is promised

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await replica.ReadAsync(key)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await replica.ReadAsync("no key at all")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await replica.ReadAsync(key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await replica.SendAsync(HttpMethod.Put, "/drain", key)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await replica.SendAsync(HttpMethod.Put, "/drain", Workload.ApiKey)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await replica.SendAsync(HttpMethod.Delete, "/drain", Workload.ApiKey)).StatusCode);

        network.Mend();
        await Until.HoldsAsync(
            async () => (await replica.ReadAsync(key)).StatusCode == HttpStatusCode.Unauthorized,
            s_patience,
            () => "The key is not refused after the return of Postgres."
        );
    }

    [Fact]
    public async Task A_replica_is_not_ready_before_it_knows_the_keys()
    {
        await using var network = new NetworkCut(postgres.Port);
        network.FallSilent();
        await using var replica = await ApiReplica.StartAsync(PostgresServer.ConnectionStringOn(network.Port), waits: false);

        using var ready = await replica.SendAsync(HttpMethod.Get, "/health/ready", key: null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await replica.ReadAsync(Workload.ApiKey)).StatusCode);

        network.Mend();
        await Until.HoldsAsync(
            async () => (await replica.SendAsync(HttpMethod.Get, "/health/ready", key: null)).IsSuccessStatusCode,
            s_patience,
            () => "It is not ready."
        );
        Assert.Equal(HttpStatusCode.NotFound, (await replica.ReadAsync(Workload.ApiKey)).StatusCode);
    }

    [Fact]
    public async Task Old_and_new_keys_of_a_rotation_are_one_client_and_the_old_one_ends_after_the_overlap()
    {
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString);
        var (id, old) = await _keys.CreateAsync("rotating", "read,write");
        var (next, fresh) = await _keys.RotateAsync(id, "1h");
        var wallet = Workload.AddressOf($"rotated {id}");
        await KnowsAsync(replica, old);
        await KnowsAsync(replica, fresh);

        using var computed = await replica.ComputeAsync(fresh, wallet, id);
        using var replayed = await replica.ComputeAsync(old, wallet, id);
        Assert.Equal(HttpStatusCode.OK, computed.StatusCode);
        Assert.Equal("true", replayed.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal("rotating", await postgres.RunAsync($"SELECT string_agg(client, ',') FROM score_history WHERE address = '{wallet}'"));
        Assert.Equal(
            1,
            await postgres.RunAsync($"SELECT round(extract(epoch FROM expires_at - now()) / 3600)::int FROM api_keys WHERE id = '{id}'")
        );
        await postgres.RunAsync($"UPDATE api_keys SET expires_at = now() + interval '1 s' WHERE id = '{id}'"); // almost an hour later
        await Until.HoldsAsync(
            async () => (await replica.ReadAsync(old)).StatusCode == HttpStatusCode.Unauthorized,
            s_patience,
            () => "The old key did not end."
        );
        Assert.Equal(HttpStatusCode.NotFound, (await replica.ReadAsync(fresh)).StatusCode);
        Assert.Equal(1, (await _keys.RunAsync("rotate", id)).Code);

        var lines = (await _keys.RunAsync("list")).Output.Split('\n');
        Assert.Matches(
            $"^{id}  rotating +read,write +expired ",
            Assert.Single(lines, line => line.StartsWith(id, StringComparison.Ordinal))
        );
        Assert.Matches(
            $"^{next}  rotating +read,write +valid .* never +command$",
            Assert.Single(lines, line => line.StartsWith(next, StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Replicas_with_another_Api_Key_take_both_and_both_are_one_client()
    {
        const string Next = "the-next-api-key";
        var wallet = Workload.AddressOf("rolling update");
        var database = await postgres.CreateDatabaseAsync("rolling_update");
        await PostgresServer.MigrateAsync(database);
        await using var source = NpgsqlDataSource.Create(database);
        await using var old = await ApiReplica.StartAsync(database);
        var started = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ApiReplica.StartAsync(database, Next)));
        await using var first = started[0];
        await using var second = started[1];
        await using var third = started[2];
        await KnowsAsync(old, Next);

        using var computed = await old.ComputeAsync(Workload.ApiKey, wallet, "across keys");
        using var replayed = await first.ComputeAsync(Next, wallet, "across keys");

        Assert.Equal(HttpStatusCode.OK, computed.StatusCode);
        Assert.Equal("true", replayed.Headers.GetValues("Idempotent-Replayed").Single());
        await using var stored = source.CreateCommand("SELECT string_agg(client, ',') FROM score_history");
        Assert.Equal("default", await stored.ExecuteScalarAsync(Cancellation));
        foreach (var replica in started)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await replica.ReadAsync(Workload.ApiKey)).StatusCode);
        }

        // Replicas of the version before this one use the hash of their Api:Key.
        await using var scope = source.CreateCommand("SELECT idempotency_scope FROM clients WHERE name = 'default'");
        Assert.Equal(ApiKey.Hash(Workload.ApiKey), await scope.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task A_configured_key_ends_a_day_after_the_last_replica_that_has_it_renewed_it()
    {
        const string Key = "configured-for-a-day";
        var hash = Convert.ToHexStringLower(ApiKey.Hash(Key));
        var hoursLeft =
            $"SELECT round(extract(epoch FROM expires_at - now()) / 3600)::int FROM api_keys WHERE encode(hash, 'hex') = '{hash}'";
        var time = new TimeThatJumps();
        await using (var replica = await ApiReplica.StartAsync(postgres.ConnectionString, Key, time: time))
        {
            Assert.Equal(24, await postgres.RunAsync(hoursLeft));
            await postgres.RunAsync($"UPDATE api_keys SET expires_at = now() + interval '1 h' WHERE encode(hash, 'hex') = '{hash}'");
            time.Jump(TimeSpan.FromMinutes(61));
            await Until.HoldsAsync(
                async () => await postgres.RunAsync(hoursLeft) is 24,
                s_patience,
                () => "The replica does not renew its key after an hour."
            );
        }

        await postgres.RunAsync($"UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE encode(hash, 'hex') = '{hash}'");
        await using var other = await ApiReplica.StartAsync(postgres.ConnectionString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.ReadAsync(Key)).StatusCode);

        await using var again = await ApiReplica.StartAsync(postgres.ConnectionString, Key);
        Assert.Equal(24, await postgres.RunAsync(hoursLeft));
        Assert.Equal(HttpStatusCode.NotFound, (await again.ReadAsync(Key)).StatusCode);
    }

    [Fact]
    public async Task A_configured_key_that_ended_while_its_replica_was_suspended_is_valid_again_soon_after()
    {
        const string Key = "configured-and-suspended";
        var time = new TimeThatJumps();
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString, Key, time: time);
        var row = $"WHERE encode(hash, 'hex') = '{Convert.ToHexStringLower(ApiKey.Hash(Key))}'";
        await postgres.RunAsync($"UPDATE api_keys SET expires_at = now() - interval '1 s' {row}");

        time.Jump(TimeSpan.FromSeconds(11));

        await Until.HoldsAsync(
            async () => await postgres.RunAsync($"SELECT expires_at > now() + interval '23 h' FROM api_keys {row}") is true,
            s_patience,
            () => "The replica does not renew its key."
        );
        await KnowsAsync(replica, Key);
    }

    [Fact]
    public async Task A_configured_key_that_was_revoked_stays_so_when_its_replicas_start_again()
    {
        const string Key = "configured-and-revoked";
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString, Key);
        var id = (string)
            (
                await postgres.RunAsync(
                    $"SELECT id FROM api_keys WHERE encode(hash, 'hex') = '{Convert.ToHexStringLower(ApiKey.Hash(Key))}'"
                )
            )!;
        var (code, _, error) = await _keys.RunAsync("rotate", id);
        Assert.Equal(1, code);
        Assert.Contains("another Api:Key", error, StringComparison.Ordinal);

        await _keys.RevokeAsync(id);
        await using var again = await ApiReplica.StartAsync(postgres.ConnectionString, Key);

        Assert.Equal(HttpStatusCode.Unauthorized, (await again.ReadAsync(Key)).StatusCode);
        await Until.HoldsAsync(
            async () => (await replica.SendAsync(HttpMethod.Put, "/drain", Key)).StatusCode == HttpStatusCode.Unauthorized,
            s_patience,
            () => "The replica takes its revoked key."
        );
    }

    [Theory]
    [InlineData("read", HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("write", HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("operate", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    public async Task A_key_does_what_its_scopes_say_and_nothing_else(
        string scope,
        HttpStatusCode reading,
        HttpStatusCode writing,
        HttpStatusCode draining
    )
    {
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString);
        var (id, key) = await _keys.CreateAsync("scoped", scope);
        await Until.HoldsAsync(
            async () => (await replica.ReadAsync(key)).StatusCode != HttpStatusCode.Unauthorized,
            s_patience,
            () => "The new key is not known."
        );

        using var read = await replica.ReadAsync(key);
        using var written = await replica.ComputeAsync(key, Workload.AddressOf($"scoped {id}"), id);
        using var drained = await replica.SendAsync(HttpMethod.Delete, "/drain", key);

        Assert.Equal((reading, writing, draining), (read.StatusCode, written.StatusCode, drained.StatusCode));
        foreach (var (response, needed) in new[] { (read, "read"), (written, "write"), (drained, "operate") })
        {
            if (response.StatusCode == HttpStatusCode.Forbidden)
            {
                var problem = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(Cancellation), default, Cancellation);
                Assert.StartsWith($"This needs the scope {needed},", problem.RootElement.GetProperty("detail").GetString());
            }
        }
    }

    [Fact]
    public async Task Health_a_wrong_path_and_a_wrong_method_need_no_key_and_all_else_does()
    {
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString);

        Assert.Equal(HttpStatusCode.OK, (await replica.SendAsync(HttpMethod.Get, "/health", key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await replica.SendAsync(HttpMethod.Get, "/api/nothing", key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await replica.SendAsync(HttpMethod.Put, "/api/score", key: null)).StatusCode);
        foreach (
            var response in (HttpResponseMessage[])
                [
                    await replica.ReadAsync(key: null),
                    await replica.ReadAsync("not-a-key"),
                    await replica.ComputeAsync(key: null, Workload.AddressOf("nobody"), "x"),
                    await replica.SendAsync(HttpMethod.Put, "/drain", key: null),
                ]
        )
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("ApiKey", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    public async Task Public_reads_need_no_key_and_writes_do()
    {
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString, publicReads: true);

        Assert.Equal(HttpStatusCode.NotFound, (await replica.ReadAsync(key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await replica.ReadAsync("not-a-key")).StatusCode);
        using var written = await replica.ComputeAsync(key: null, Workload.AddressOf("nobody"), "x");
        Assert.Equal(HttpStatusCode.Unauthorized, written.StatusCode);
    }

    [Fact]
    public async Task A_browser_gives_its_key_as_a_subprotocol_and_is_disconnected_when_the_key_is_revoked()
    {
        await using var replica = await ApiReplica.StartAsync(postgres.ConnectionString);
        var (id, key) = await _keys.CreateAsync("browser", "read");
        await KnowsAsync(replica, key);
        var live = new Uri($"ws://{replica.Address.Authority}/api/score/{Workload.AddressOf("browser")}/live");
        using var refused = new ClientWebSocket();
        refused.Options.CollectHttpResponseDetails = true;
        refused.Options.AddSubProtocol("neurocred");
        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(live, Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.HttpStatusCode);

        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("neurocred");
        socket.Options.AddSubProtocol($"neurocred.key.{key}");
        await socket.ConnectAsync(live, Cancellation);
        Assert.Equal("neurocred", socket.SubProtocol);

        await _keys.RevokeAsync(id);
        var buffer = new byte[1024];
        WebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer, Cancellation).WaitAsync(s_patience, Cancellation);
        } while (received.MessageType != WebSocketMessageType.Close);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
    }

    private sealed class TimeThatJumps : TimeProvider
    {
        private long _ahead;

        public void Jump(TimeSpan time) => Interlocked.Add(ref _ahead, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _ahead);
    }

    private static Task KnowsAsync(ApiReplica replica, string key) =>
        Until.HoldsAsync(
            async () => (await replica.ReadAsync(key)).StatusCode == HttpStatusCode.NotFound,
            s_patience,
            () => "The key is not known."
        );
}
