"""The four views of `migrations/002_storyboard_jobs.sql`, as SQLite writes them.

Same names, same columns, same answers; only the reckoning with times differs.
"""

from collections.abc import Mapping

_RECENT = """
SELECT
    id, org_id, job_type, status, created_at, started_at, completed_at, execution_time_ms,
    error_message, error_code
FROM storyboard_jobs
ORDER BY created_at DESC
"""

_STATS = """
WITH changes AS (
    SELECT job_type, started_at AS at, 1 AS change
    FROM storyboard_jobs
    WHERE started_at IS NOT NULL
        AND (completed_at IS NULL OR completed_at > datetime('now', '-24 hours'))
    UNION ALL
    SELECT job_type, completed_at AS at, -1 AS change
    FROM storyboard_jobs
    WHERE started_at IS NOT NULL AND completed_at > datetime('now', '-24 hours')
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
ORDER BY counts.job_type
"""

_USAGE = """
SELECT
    org_id,
    count(*) AS total_jobs,
    count(*) FILTER (WHERE status = 'completed') AS successful_jobs,
    count(*) FILTER (WHERE status = 'failed') AS failed_jobs,
    count(*) FILTER (WHERE created_at > datetime('now', '-24 hours')) AS jobs_last_24h,
    count(*) FILTER (WHERE created_at > datetime('now', '-7 days')) AS jobs_last_7d
FROM storyboard_jobs
GROUP BY org_id
ORDER BY total_jobs DESC, org_id
"""

_FAILURES = """
SELECT
    id, org_id, job_type, created_at, started_at, completed_at, execution_time_ms, error_message,
    input_params
FROM storyboard_jobs
WHERE status = 'failed'
ORDER BY created_at DESC
"""

VIEWS: Mapping[str, str] = {
    "recent_storyboard_jobs": _RECENT.strip(),
    "storyboard_job_stats": _STATS.strip(),
    "storyboard_org_usage": _USAGE.strip(),
    "storyboard_failures": _FAILURES.strip(),
}
