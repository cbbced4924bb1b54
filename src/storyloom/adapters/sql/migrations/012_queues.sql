-- Queues that are paused: nothing of them begins until somebody resumes them.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_queues (
    name TEXT PRIMARY KEY,
    paused_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE storyloom_queues ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_queues FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_queues_service_role ON storyloom_queues;
        CREATE POLICY storyloom_queues_service_role ON storyloom_queues
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_queues TO service_role;
    END IF;
END
$$;
