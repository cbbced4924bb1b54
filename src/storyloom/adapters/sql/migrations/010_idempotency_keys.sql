-- Requests that may be sent again: who answers them, and what was answered.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_idempotency_keys (
    digest TEXT PRIMARY KEY,                        -- SHA-256 of organisation, route and key
    org_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,                      -- SHA-256 of the request
    seed UUID NOT NULL,                             -- what ids of jobs are made of
    holder TEXT,                                    -- who answers it now
    held_until TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    status INTEGER,                                 -- of the answer; null: there is none yet
    headers TEXT,                                   -- JSON
    body BYTEA                                      -- null: it is not kept
);

CREATE INDEX IF NOT EXISTS idx_storyloom_idempotency_keys_holder
    ON storyloom_idempotency_keys (holder);
CREATE INDEX IF NOT EXISTS idx_storyloom_idempotency_keys_expires
    ON storyloom_idempotency_keys (expires_at);

ALTER TABLE storyloom_idempotency_keys ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_idempotency_keys FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_idempotency_keys_service_role ON storyloom_idempotency_keys;
        CREATE POLICY storyloom_idempotency_keys_service_role ON storyloom_idempotency_keys
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_idempotency_keys TO service_role;
    END IF;
END
$$;
