-- Who may call the service. A key is one of its client's: clients stay, keys come and go.

CREATE TABLE clients (
    name              text        PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9._-]{1,64}$'),
    -- What the client's idempotency keys are stored under (idempotency_keys.client), whichever API key they come with.
    idempotency_scope bytea       NOT NULL UNIQUE,
    created_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
    id         text        PRIMARY KEY,
    client     text        NOT NULL REFERENCES clients,
    hash       bytea       NOT NULL UNIQUE, -- SHA-256 of the key
    scopes     text[]      NOT NULL CHECK (scopes <@ ARRAY['read', 'write', 'operate'] AND cardinality(scopes) > 0),
    -- Whether it is the Api:Key of replicas, which renew expires_at.
    configured boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
