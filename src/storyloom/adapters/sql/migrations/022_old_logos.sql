-- Logos that a profile of this database has named and names no more: only these may be removed.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_old_logos (
    key TEXT PRIMARY KEY,                           -- in the image store
    laid_aside_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE storyloom_old_logos ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_old_logos FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_old_logos_service_role ON storyloom_old_logos;
        CREATE POLICY storyloom_old_logos_service_role ON storyloom_old_logos
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_old_logos TO service_role;
    END IF;
END
$$;
