-- What the figures of days are counted from, now with the begin of each storyboard, so that how many ran at
-- once is read from an index too. It takes the place of one that lacks it. And an index goes by which nothing
-- was ever found: exports end with their runs.
--
-- May be run again and again, like every file here.

CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_org_counted
    ON storyboard_jobs (org_id, completed_at, status, execution_time_ms, error_code, started_at);
DROP INDEX IF EXISTS idx_storyboard_jobs_org_ended;
DROP INDEX IF EXISTS idx_storyloom_run_exports_ended;
