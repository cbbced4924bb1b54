-- Indexes for the two queries that run for ever in the background, so that a million finished jobs
-- cost them nothing: the jobs that have not ended, oldest first; and the jobs that ended long ago.
--
-- May be run again and again, like every file here.

CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_unfinished ON storyboard_jobs (created_at)
    WHERE status IN ('pending', 'processing');
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_ended ON storyboard_jobs (completed_at);
