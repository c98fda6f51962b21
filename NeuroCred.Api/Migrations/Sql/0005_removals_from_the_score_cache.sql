-- Entries of the score cache that a replica must remove before a commit, and cannot because Redis does not answer it: another replica
-- removes them (ScoreCacheRemovals). A row is deleted by the write that waits for it.
CREATE TABLE score_cache_removals (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    epoch    bigint      NOT NULL,
    address  text        NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed  boolean     NOT NULL DEFAULT false
);
