-- Storyboard jobs: the table, its indexes, who may read it, and four views for operators.
--
-- Plain SQL that may be run again and again: by psql, in Supabase's SQL editor, or by
-- `storyloom migrate`. Run it again after making the role `service_role`.

CREATE TABLE IF NOT EXISTS storyboard_jobs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id TEXT NOT NULL,
    job_type TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    input_params JSONB NOT NULL DEFAULT '{}',
    result_image TEXT,                              -- base64 of a PNG
    understanding JSONB,
    error_message TEXT,
    error_code TEXT,                                -- stable, for programs
    execution_time_ms INTEGER,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    details JSONB NOT NULL DEFAULT '{}'             -- what the columns above have no place for
);

-- A table that was made before Storyloom knew these.
ALTER TABLE storyboard_jobs ADD COLUMN IF NOT EXISTS error_code TEXT;
ALTER TABLE storyboard_jobs ADD COLUMN IF NOT EXISTS started_at TIMESTAMPTZ;
ALTER TABLE storyboard_jobs ADD COLUMN IF NOT EXISTS details JSONB NOT NULL DEFAULT '{}';

ALTER TABLE storyboard_jobs DROP CONSTRAINT IF EXISTS storyboard_jobs_status_check;
ALTER TABLE storyboard_jobs ADD CONSTRAINT storyboard_jobs_status_check
    CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled'));

CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_org_id ON storyboard_jobs (org_id);
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_status ON storyboard_jobs (status);
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_created ON storyboard_jobs (created_at DESC);
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_type ON storyboard_jobs (job_type);
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_org_status ON storyboard_jobs (org_id, status);

-- The views are dropped first: a view cannot be replaced by one with other columns.

DROP VIEW IF EXISTS recent_storyboard_jobs;
CREATE VIEW recent_storyboard_jobs AS
SELECT
    id, org_id, job_type, status, created_at, started_at, completed_at, execution_time_ms,
    error_message, error_code
FROM storyboard_jobs
ORDER BY created_at DESC;

-- Rates are percentages of all jobs. The peak is the most jobs that ran at the same moment, among
-- those that ran within the last 24 hours.
DROP VIEW IF EXISTS storyboard_job_stats;
CREATE VIEW storyboard_job_stats AS
WITH changes AS (
    SELECT job_type, started_at AS at, 1 AS change
    FROM storyboard_jobs
    WHERE started_at IS NOT NULL
        AND (completed_at IS NULL OR completed_at > now() - INTERVAL '24 hours')
    UNION ALL
    SELECT job_type, completed_at AS at, -1 AS change
    FROM storyboard_jobs
    WHERE started_at IS NOT NULL AND completed_at > now() - INTERVAL '24 hours'
),
running AS (
    SELECT job_type, sum(change) OVER (PARTITION BY job_type ORDER BY at, change) AS jobs
    FROM changes
),
peaks AS (
    SELECT job_type, max(jobs) AS peak FROM running GROUP BY job_type
),
counts AS (
    SELECT
        job_type,
        count(*) AS total_jobs,
        count(*) FILTER (WHERE status = 'completed') AS completed,
        count(*) FILTER (WHERE status = 'failed') AS failed,
        count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE status = 'pending') AS pending,
        count(*) FILTER (WHERE status = 'processing') AS processing,
        round(avg(execution_time_ms) FILTER (WHERE status = 'completed')) AS avg_execution_ms
    FROM storyboard_jobs
    GROUP BY job_type
)
SELECT
    counts.job_type, total_jobs, completed, failed, cancelled, pending, processing,
    round(100.0 * completed / total_jobs, 2) AS success_rate,
    round(100.0 * failed / total_jobs, 2) AS error_rate,
    avg_execution_ms,
    coalesce(peak, 0) AS peak_concurrent_24h
FROM counts
LEFT JOIN peaks ON peaks.job_type = counts.job_type
ORDER BY counts.job_type;

DROP VIEW IF EXISTS storyboard_org_usage;
CREATE VIEW storyboard_org_usage AS
SELECT
    org_id,
    count(*) AS total_jobs,
    count(*) FILTER (WHERE status = 'completed') AS successful_jobs,
    count(*) FILTER (WHERE status = 'failed') AS failed_jobs,
    count(*) FILTER (WHERE created_at > now() - INTERVAL '24 hours') AS jobs_last_24h,
    count(*) FILTER (WHERE created_at > now() - INTERVAL '7 days') AS jobs_last_7d
FROM storyboard_jobs
GROUP BY org_id
ORDER BY total_jobs DESC, org_id;

DROP VIEW IF EXISTS storyboard_failures;
CREATE VIEW storyboard_failures AS
SELECT
    id, org_id, job_type, created_at, started_at, completed_at, execution_time_ms, error_message,
    input_params
FROM storyboard_jobs
WHERE status = 'failed'
ORDER BY created_at DESC;

-- Only the owner, and Supabase's service_role, may read and write. Supabase grants its public roles
-- everything in this schema, and a view shows what its owner may see: both are taken back here.

ALTER TABLE storyboard_jobs ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
    views TEXT[] := ARRAY[
        'recent_storyboard_jobs', 'storyboard_job_stats', 'storyboard_org_usage',
        'storyboard_failures'
    ];
BEGIN
    IF current_setting('server_version_num')::INTEGER >= 150000 THEN
        FOREACH name IN ARRAY views LOOP
            EXECUTE format('ALTER VIEW %I SET (security_invoker = true)', name);
        END LOOP;
    END IF;
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyboard_jobs, %s FROM %I',
                       array_to_string(views, ', '), name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyboard_jobs_service_role ON storyboard_jobs;
        CREATE POLICY storyboard_jobs_service_role ON storyboard_jobs
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyboard_jobs TO service_role;
        EXECUTE format('GRANT SELECT ON %s TO service_role', array_to_string(views, ', '));
    END IF;
END
$$;
