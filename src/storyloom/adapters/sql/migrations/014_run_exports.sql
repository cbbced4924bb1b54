-- Exports of runs, so that they can be listed without reading their runs, which hold them too.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_run_exports (
    id UUID PRIMARY KEY,
    run_id UUID NOT NULL,
    org_id TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,                -- when it was last asked for
    completed_at TIMESTAMPTZ,
    body TEXT NOT NULL                              -- JSON: the whole export
);

CREATE INDEX IF NOT EXISTS idx_storyloom_run_exports_run ON storyloom_run_exports (run_id);
CREATE INDEX IF NOT EXISTS idx_storyloom_run_exports_org_created
    ON storyloom_run_exports (org_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_storyloom_run_exports_ended ON storyloom_run_exports (completed_at);
CREATE INDEX IF NOT EXISTS idx_storyloom_run_exports_unfinished
    ON storyloom_run_exports (created_at) WHERE status IN ('pending', 'processing');

ALTER TABLE storyloom_run_exports ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_run_exports FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_run_exports_service_role ON storyloom_run_exports;
        CREATE POLICY storyloom_run_exports_service_role ON storyloom_run_exports
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_run_exports TO service_role;
    END IF;
END
$$;
