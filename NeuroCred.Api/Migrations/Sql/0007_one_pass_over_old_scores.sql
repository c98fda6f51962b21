-- How far the replicas together have looked for scores that are not kept any more (Purge). One row. A killed replica's pass is gone on with
-- by the others, and a finished one is not made again before the scores of another day are due.
CREATE TABLE score_purge (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    before   timestamptz NOT NULL, -- what the pass was begun for: scores from before it
    after_id bigint                -- goes on after this score_history.id; NULL: finished
);

INSERT INTO score_purge (before) VALUES ('-infinity');
