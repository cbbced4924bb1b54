-- What happens to jobs, runs and notifications, in one order.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_events (
    seq BIGINT PRIMARY KEY,                         -- without holes; given under a lock
    id TEXT NOT NULL,                               -- the same for the same cause
    type TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    org_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    data TEXT NOT NULL                              -- JSON
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_storyloom_events_id ON storyloom_events (id);
CREATE INDEX IF NOT EXISTS idx_storyloom_events_org ON storyloom_events (org_id, seq);
CREATE INDEX IF NOT EXISTS idx_storyloom_events_subject ON storyloom_events (subject_id, seq);

ALTER TABLE storyloom_events ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_events FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_events_service_role ON storyloom_events;
        CREATE POLICY storyloom_events_service_role ON storyloom_events
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_events TO service_role;
    END IF;
END
$$;
