-- Sessions of stories, and the notifications that services leave each other.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_sessions (
    org_id TEXT NOT NULL,
    timestamp BIGINT NOT NULL,                      -- Unix time in milliseconds: the session's name
    body TEXT NOT NULL,                             -- JSON, as it was saved
    version TEXT NOT NULL,                          -- SHA-256 of the body
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, timestamp)
);

CREATE TABLE IF NOT EXISTS storyloom_notifications (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    session_timestamp BIGINT NOT NULL,
    body TEXT NOT NULL,                             -- JSON
    latched BOOLEAN NOT NULL,                       -- no other of its type and session is let in
    made_at TIMESTAMPTZ NOT NULL,
    acknowledged_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, id)
);

CREATE INDEX IF NOT EXISTS idx_storyloom_notifications_pending
    ON storyloom_notifications (org_id, type, made_at, id) WHERE acknowledged_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS idx_storyloom_notifications_latched
    ON storyloom_notifications (org_id, type, session_timestamp) WHERE latched;
CREATE INDEX IF NOT EXISTS idx_storyloom_notifications_made ON storyloom_notifications (made_at);
CREATE INDEX IF NOT EXISTS idx_storyloom_notifications_acknowledged
    ON storyloom_notifications (acknowledged_at);

ALTER TABLE storyloom_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE storyloom_notifications ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
    tables TEXT[] := ARRAY['storyloom_sessions', 'storyloom_notifications'];
    each TEXT;
BEGIN
    FOREACH each IN ARRAY tables LOOP
        FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
            EXECUTE format('REVOKE ALL ON %I FROM %I', each, name);
        END LOOP;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
            EXECUTE format('DROP POLICY IF EXISTS %I ON %I', each || '_service_role', each);
            EXECUTE format('CREATE POLICY %I ON %I TO service_role USING (true) WITH CHECK (true)',
                           each || '_service_role', each);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO service_role', each);
        END IF;
    END LOOP;
END
$$;
