-- The heartbeats of workers. A worker whose beat is old is dead, and others take over its jobs.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_workers (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    queues TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    beat_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE storyloom_workers ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_workers FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_workers_service_role ON storyloom_workers;
        CREATE POLICY storyloom_workers_service_role ON storyloom_workers
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_workers TO service_role;
    END IF;
END
$$;
