-- What answers say about a score besides its points. Replicas of the previous version, which run on during a rolling update, give no reason,
-- and compute with the first version of the scorecard.

ALTER TABLE score_history ADD COLUMN reason text;
ALTER TABLE score_history ADD COLUMN scorecard text NOT NULL DEFAULT '1';

-- Finds the score that a wallet had at a time, and its scores since, without reading the others.
CREATE INDEX score_history_times ON score_history (address, computed_at, sequence) INCLUDE (score);
