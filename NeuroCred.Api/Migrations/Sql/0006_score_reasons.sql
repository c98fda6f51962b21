-- What answers say about a score besides its points. Replicas of the previous version, which run on during a rolling update, give no reason,
-- and compute with the first version of the scorecard.

-- Finds the score that a wallet had at a time, and its scores since, without reading the others. First, because reads go on while it is
-- made, and writes wait; the new columns, which take an instant, have both wait until all is committed.
CREATE INDEX score_history_times ON score_history (address, computed_at, sequence) INCLUDE (score);

-- Who sent transactions, and who had a score computed. NULL before this migration, and from replicas of the version before it.
ALTER TABLE wallet_transactions ADD COLUMN client text;
ALTER TABLE score_history ADD COLUMN client text;

ALTER TABLE score_history ADD COLUMN reason text;
ALTER TABLE score_history ADD COLUMN scorecard text NOT NULL DEFAULT '1';
