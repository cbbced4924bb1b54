-- Who is told of events over HTTP, what was sent, and which process sends.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_webhooks (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL,
    url TEXT NOT NULL,
    types TEXT NOT NULL,                            -- of events, with commas between them
    description TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    disabled_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    secrets TEXT NOT NULL,                          -- JSON; as they are, since they have to sign
    after_seq BIGINT NOT NULL                       -- only later events are told
);

CREATE INDEX IF NOT EXISTS idx_storyloom_webhooks_org_created
    ON storyloom_webhooks (org_id, created_at DESC);

CREATE TABLE IF NOT EXISTS storyloom_webhook_deliveries (
    id TEXT PRIMARY KEY,                            -- the same for the same webhook and event
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    next_attempt_at TIMESTAMPTZ,                    -- null: there will be none
    tries INTEGER NOT NULL,                         -- since it was made, or replayed
    attempts TEXT NOT NULL,                         -- JSON
    body TEXT NOT NULL                              -- as it is sent
);

CREATE INDEX IF NOT EXISTS idx_storyloom_webhook_deliveries_unsent
    ON storyloom_webhook_deliveries (webhook_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS idx_storyloom_webhook_deliveries_webhook
    ON storyloom_webhook_deliveries (webhook_id, created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_storyloom_webhook_deliveries_created
    ON storyloom_webhook_deliveries (created_at);

CREATE TABLE IF NOT EXISTS storyloom_webhook_turn (
    name TEXT PRIMARY KEY,
    holder TEXT,                                    -- the process that delivers
    held_until TIMESTAMPTZ NOT NULL,
    seq BIGINT NOT NULL                             -- events are handed out up to here
);

ALTER TABLE storyloom_webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE storyloom_webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE storyloom_webhook_turn ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
    kept TEXT;
BEGIN
    FOREACH kept IN ARRAY ARRAY[
        'storyloom_webhooks', 'storyloom_webhook_deliveries', 'storyloom_webhook_turn'
    ] LOOP
        FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
            EXECUTE format('REVOKE ALL ON %I FROM %I', kept, name);
        END LOOP;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
            EXECUTE format('DROP POLICY IF EXISTS %I ON %I', kept || '_service_role', kept);
            EXECUTE format(
                'CREATE POLICY %I ON %I TO service_role USING (true) WITH CHECK (true)',
                kept || '_service_role', kept
            );
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO service_role', kept);
        END IF;
    END LOOP;
END
$$;
