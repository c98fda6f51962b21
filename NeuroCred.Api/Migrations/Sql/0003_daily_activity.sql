-- What a score is computed from, kept beside the transactions: a row per wallet and UTC day, in the transaction that changes them. A score
-- then reads some thousand rows at most, however many transactions there are. Triggers keep it, because replicas of the previous version,
-- which run on during a rolling update, know nothing of it.

-- The tokens that count as stablecoins: those pegged to the US dollar, by symbol in upper case. Any other symbol is valid and not stable.
-- Whoever changes them must compute wallet_daily_activity again: the verb "aggregates repair" does.
CREATE TABLE stablecoins (symbol text PRIMARY KEY CHECK (symbol = upper(symbol COLLATE "C")));

INSERT INTO stablecoins VALUES
    ('USDC'), ('USDC.E'), ('USDT'), ('DAI'), ('USDS'), ('PYUSD'), ('FDUSD'), ('TUSD'),
    ('USDP'), ('GUSD'), ('BUSD'), ('FRAX'), ('LUSD'), ('SUSD'), ('CRVUSD'), ('GHO');

CREATE TABLE wallet_daily_activity (
    address           text    NOT NULL,
    day               date    NOT NULL,
    transactions      bigint  NOT NULL,
    volume_usd        numeric NOT NULL,
    stable_volume_usd numeric NOT NULL,
    PRIMARY KEY (address, day)
);

-- Finds what is too old to be kept.
CREATE INDEX wallet_daily_activity_day ON wallet_daily_activity (day);

-- What wallet_daily_activity must say.
CREATE VIEW wallet_transactions_by_day AS
    SELECT address, (occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS transactions, sum(value_usd) AS volume_usd,
           coalesce(sum(value_usd) FILTER (WHERE upper(token COLLATE "C") IN (SELECT symbol FROM stablecoins)), 0) AS stable_volume_usd
    FROM wallet_transactions GROUP BY 1, 2;

-- Locks the days of a wallet in their order, after the transactions: concurrent batches cannot deadlock.
CREATE FUNCTION wallet_daily_activity_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    direction int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    INSERT INTO wallet_daily_activity AS stored
    SELECT address, (occurred_at AT TIME ZONE 'UTC')::date AS day, direction * count(*), direction * sum(value_usd),
           direction * coalesce(sum(value_usd) FILTER (WHERE upper(token COLLATE "C") IN (SELECT symbol FROM stablecoins)), 0)
    FROM changed GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (address, day) DO UPDATE
    SET transactions = stored.transactions + excluded.transactions,
        volume_usd = stored.volume_usd + excluded.volume_usd,
        stable_volume_usd = stored.stable_volume_usd + excluded.stable_volume_usd;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM wallet_daily_activity AS stored
        USING (SELECT DISTINCT address, (occurred_at AT TIME ZONE 'UTC')::date AS day FROM changed) AS emptied
        WHERE stored.address = emptied.address AND stored.day = emptied.day AND stored.transactions = 0;
    END IF;
    RETURN NULL;
END
$$;

-- From here to the commit no transaction is stored: what is filled in is all there is.
CREATE TRIGGER wallet_daily_activity_insert AFTER INSERT ON wallet_transactions
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wallet_daily_activity_follow();
CREATE TRIGGER wallet_daily_activity_delete AFTER DELETE ON wallet_transactions
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wallet_daily_activity_follow();

INSERT INTO wallet_daily_activity SELECT * FROM wallet_transactions_by_day;

-- A planner without numbers would look for each wallet's days by reading all.
ANALYZE wallet_daily_activity;

CREATE TABLE wallet_staking (
    address text        PRIMARY KEY CHECK (address ~ '^0x[0-9a-f]{40}$'),
    tier    int         NOT NULL CHECK (tier BETWEEN 0 AND 3),
    client  text        NOT NULL,
    set_at  timestamptz NOT NULL DEFAULT now()
);

-- Stores a batch, whose sender is a column that a later migration adds, in one round trip: all of it, or nothing if a hash is stored with other values. Answers how many were new, in one row
-- without a hash; or else what is stored of each transaction that differs.
CREATE FUNCTION add_wallet_transactions(
    wallet text, hashes text[], times timestamptz[], values_usd numeric[], tokens text[], counterparties text[], sender text
) RETURNS TABLE (
    added bigint, stored_hash text, stored_occurred_at timestamptz, stored_value_usd numeric, stored_token text, stored_counterparty text
) LANGUAGE plpgsql AS $$
DECLARE
    new_rows  bigint;
    differing wallet_transactions[];
BEGIN
    BEGIN
        INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token, counterparty, client)
        SELECT wallet, given.*, sender FROM unnest(hashes, times, values_usd, tokens, counterparties) AS given
        ON CONFLICT (address, hash) DO NOTHING;
        GET DIAGNOSTICS new_rows = ROW_COUNT;
        IF new_rows < cardinality(hashes) THEN
            -- After the insert, with a newer snapshot: also sees what another batch stored meanwhile.
            SELECT array_agg(stored ORDER BY stored.hash) INTO differing
            FROM unnest(hashes, times, values_usd, tokens, counterparties) AS given (hash, occurred_at, value_usd, token, counterparty)
            JOIN wallet_transactions AS stored ON stored.address = wallet AND stored.hash = given.hash
            WHERE (stored.occurred_at, stored.value_usd, stored.token, stored.counterparty)
                IS DISTINCT FROM (given.occurred_at, given.value_usd, given.token, given.counterparty);
            IF differing IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'NC409'; -- takes back what was inserted; caught below
            END IF;
        END IF;
    EXCEPTION WHEN SQLSTATE 'NC409' THEN
        RETURN QUERY SELECT 0::bigint, d.hash, d.occurred_at, d.value_usd, d.token, d.counterparty FROM unnest(differing) AS d;
        RETURN;
    END;
    IF new_rows = 0 THEN
        -- All of it was stored before: as EarlierCommits says, the commit must wait for the standby, which it does if it logs something.
        PERFORM pg_logical_emit_message(true, 'neurocred', '');
    END IF;
    RETURN QUERY SELECT new_rows, NULL::text, NULL::timestamptz, NULL::numeric, NULL::text, NULL::text;
END
$$;
