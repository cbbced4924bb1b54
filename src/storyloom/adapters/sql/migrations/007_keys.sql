-- API keys: whose they are, what they are good for, and a digest by which they are known again.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_keys (
    id TEXT PRIMARY KEY,                            -- the part of the key that everybody may see
    digest TEXT NOT NULL,                           -- SHA-256 of the whole key
    name TEXT NOT NULL,
    org_id TEXT NOT NULL,
    scopes TEXT NOT NULL,                           -- with commas between them
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,                       -- to the minute
    revoked_at TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS idx_storyloom_keys_org_created
    ON storyloom_keys (org_id, created_at DESC);

ALTER TABLE storyloom_keys ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_keys FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_keys_service_role ON storyloom_keys;
        CREATE POLICY storyloom_keys_service_role ON storyloom_keys
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_keys TO service_role;
    END IF;
END
$$;
