-- Indexes for what is asked again and again, so that a million finished jobs cost it nothing: the
-- jobs that have not ended, oldest first; the jobs that ended long ago; an organisation's newest.
--
-- May be run again and again, like every file here.

CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_unfinished ON storyboard_jobs (created_at)
    WHERE status IN ('pending', 'processing');
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_ended ON storyboard_jobs (completed_at);
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_org_created
    ON storyboard_jobs (org_id, created_at DESC);
