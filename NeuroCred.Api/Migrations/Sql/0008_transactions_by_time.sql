-- Finds the transactions that are not kept any more, also in a wallet of millions of others. Writes wait while it is made, a second for
-- some three million transactions. With many more, make it before the migration, while writes go on: CREATE INDEX CONCURRENTLY.
CREATE INDEX IF NOT EXISTS wallet_transactions_times ON wallet_transactions (occurred_at);

-- wallet_daily_activity_day was for the same. The version before still reads by it: the one after this drops it.
