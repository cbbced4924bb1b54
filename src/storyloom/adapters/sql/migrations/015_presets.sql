-- The customer profiles that organisations keep themselves.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_presets (
    org_id TEXT NOT NULL,
    key TEXT NOT NULL,                              -- the name that requests use
    body TEXT NOT NULL,                             -- JSON
    PRIMARY KEY (org_id, key)
);

ALTER TABLE storyloom_presets ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_presets FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_presets_service_role ON storyloom_presets;
        CREATE POLICY storyloom_presets_service_role ON storyloom_presets
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_presets TO service_role;
    END IF;
END
$$;
