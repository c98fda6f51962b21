-- Numbers a wallet's scores 1, 2, 3, ... in the order of their commits, so that a client can say which was the last it saw.

ALTER TABLE score_history ADD COLUMN sequence bigint;

UPDATE score_history SET sequence = numbered.sequence
FROM (SELECT id, row_number() OVER (PARTITION BY address ORDER BY id) AS sequence FROM score_history) AS numbered
WHERE score_history.id = numbered.id;

-- Also finds a wallet's newest score, which is what the index before it was for.
CREATE UNIQUE INDEX score_history_sequence ON score_history (address, sequence);
DROP INDEX score_history_newest;

-- The database gives the number, because replicas of the previous version, which run on during a rolling update, know nothing of it.
-- It follows the order of commits without gaps: who appends holds the wallet's lock until its commit, and a number that was
-- rolled back is given again.
CREATE FUNCTION score_history_give_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sequence := 1 + coalesce((SELECT max(sequence) FROM score_history WHERE address = NEW.address), 0);
    RETURN NEW;
END
$$;

CREATE TRIGGER score_history_sequence BEFORE INSERT ON score_history
    FOR EACH ROW WHEN (NEW.sequence IS NULL) EXECUTE FUNCTION score_history_give_sequence();

ALTER TABLE score_history ALTER COLUMN sequence SET NOT NULL;
