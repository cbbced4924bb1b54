-- Calls to models: what was sent where, how it ended, what it cost.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_model_calls (
    id UUID PRIMARY KEY,
    org_id TEXT NOT NULL,
    job_id UUID,
    step TEXT NOT NULL,
    fresh BOOLEAN NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    purpose TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    input_hash TEXT NOT NULL,                       -- SHA-256 of everything that decides the answer
    size_bytes BIGINT NOT NULL,                     -- of what was sent
    destination TEXT NOT NULL,                      -- the host
    estimate_usd NUMERIC,                           -- the most that it should cost
    attempt INTEGER NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    outcome TEXT NOT NULL DEFAULT 'open',           -- open, ok, cancelled, or the code of an error
    input_tokens BIGINT,
    output_tokens BIGINT,
    cost_usd NUMERIC,                               -- null is unknown, and not nothing
    price_source TEXT NOT NULL DEFAULT '',
    duration_ms INTEGER,
    result JSONB                                    -- a small answer, or where a big one is kept
);

CREATE INDEX IF NOT EXISTS idx_storyloom_model_calls_input
    ON storyloom_model_calls (org_id, input_hash);
CREATE INDEX IF NOT EXISTS idx_storyloom_model_calls_job ON storyloom_model_calls (job_id);
CREATE INDEX IF NOT EXISTS idx_storyloom_model_calls_org_started
    ON storyloom_model_calls (org_id, started_at);
CREATE INDEX IF NOT EXISTS idx_storyloom_model_calls_started
    ON storyloom_model_calls (started_at);

ALTER TABLE storyloom_model_calls ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_model_calls FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_model_calls_service_role ON storyloom_model_calls;
        CREATE POLICY storyloom_model_calls_service_role ON storyloom_model_calls
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_model_calls TO service_role;
    END IF;
END
$$;
