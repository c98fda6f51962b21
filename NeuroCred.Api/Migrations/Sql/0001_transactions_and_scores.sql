-- Addresses and hashes are stored in lower case; the service answers addresses with their checksum.

CREATE TABLE wallet_transactions (
    address      text        NOT NULL CHECK (address ~ '^0x[0-9a-f]{40}$'),
    hash         text        NOT NULL CHECK (hash ~ '^0x[0-9a-f]{64}$'),
    occurred_at  timestamptz NOT NULL,
    value_usd    numeric(21, 8) NOT NULL CHECK (value_usd >= 0),
    token        text        NOT NULL,
    counterparty text,
    received_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (address, hash)
);

-- Every score ever given. The newest row of a wallet is its current score: there is no second copy that could disagree.
CREATE TABLE score_history (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address       text        NOT NULL CHECK (address ~ '^0x[0-9a-f]{40}$'),
    score         int         NOT NULL CHECK (score BETWEEN 0 AND 1000),
    base_score    int         NOT NULL CHECK (base_score BETWEEN 0 AND 1000),
    risk_band     int         NOT NULL CHECK (risk_band BETWEEN 0 AND 3),
    staking_boost int         NOT NULL,
    staking_tier  int         NOT NULL CHECK (staking_tier BETWEEN 0 AND 3),
    explanation   jsonb       NOT NULL,
    computed_at   timestamptz NOT NULL
);

CREATE INDEX score_history_newest ON score_history (address, id DESC);

-- Which request was answered with what. The row commits together with the score.
CREATE TABLE idempotency_keys (
    client       bytea       NOT NULL,
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea       NOT NULL,
    body         text        NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (client, key)
);

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Whether cached scores may be believed (ScoreCacheFence). One row.
CREATE TABLE score_cache_fence (
    only_row  boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch     bigint      NOT NULL,
    off       boolean     NOT NULL,
    off_until timestamptz NOT NULL
);

INSERT INTO score_cache_fence (epoch, off, off_until) VALUES (0, false, now());
