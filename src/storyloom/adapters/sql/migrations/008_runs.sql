-- Lights-out runs with their pictures, the defaults of organisations, and who holds a GPU.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_runs (
    id UUID PRIMARY KEY,
    org_id TEXT NOT NULL,
    cause TEXT,                                     -- what is done once, such as a double click
    status TEXT NOT NULL,
    epoch INTEGER NOT NULL,                         -- how often a process has taken it up
    created_at TIMESTAMPTZ NOT NULL,
    completed_at TIMESTAMPTZ,
    body TEXT NOT NULL                              -- JSON: the whole run
);

CREATE TABLE IF NOT EXISTS storyloom_run_shots (
    run_id UUID NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,                             -- JSON: one picture to be made, and its versions
    PRIMARY KEY (run_id, name)
);

CREATE TABLE IF NOT EXISTS storyloom_automation_config (
    org_id TEXT PRIMARY KEY,
    body TEXT NOT NULL                              -- JSON
);

CREATE TABLE IF NOT EXISTS storyloom_gpu_leases (
    resource TEXT PRIMARY KEY,                      -- the host and the name of the GPU there
    id UUID,                                        -- null: nobody holds it
    digest TEXT NOT NULL,                           -- SHA-256 of the token
    fencing_token BIGINT NOT NULL,                  -- grows with every grant
    org_id TEXT NOT NULL,
    kind TEXT NOT NULL,                             -- run or program
    holder TEXT NOT NULL,
    ttl_s DOUBLE PRECISION NOT NULL,
    granted_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_storyloom_runs_cause ON storyloom_runs (org_id, cause);
CREATE INDEX IF NOT EXISTS idx_storyloom_runs_unfinished
    ON storyloom_runs (created_at) WHERE status IN ('pending', 'processing');
CREATE INDEX IF NOT EXISTS idx_storyloom_runs_org_created
    ON storyloom_runs (org_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_storyloom_runs_created ON storyloom_runs (created_at);
CREATE INDEX IF NOT EXISTS idx_storyloom_runs_ended ON storyloom_runs (completed_at);

ALTER TABLE storyloom_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE storyloom_run_shots ENABLE ROW LEVEL SECURITY;
ALTER TABLE storyloom_automation_config ENABLE ROW LEVEL SECURITY;
ALTER TABLE storyloom_gpu_leases ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
    tables TEXT[] := ARRAY['storyloom_runs', 'storyloom_run_shots', 'storyloom_automation_config',
                           'storyloom_gpu_leases'];
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
