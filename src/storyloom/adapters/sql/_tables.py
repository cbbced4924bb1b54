"""The tables, written once for SQLite and PostgreSQL.

PostgreSQL gets them from the numbered files in `migrations`, SQLite from here; a test holds the two
together. Names, columns and indexes of `storyboard_jobs` are the documented ones; `error_code`, `started_at`
and `details` are additions.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from storyloom.adapters.sql._types import UsDollars, UtcTimestamp

metadata = sa.MetaData()

_Uuid = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
_Json: sa.types.TypeEngine[Any] = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)

# Words and not parameters: a database uses a partial index only where it sees the same condition.
OPEN = sa.column("status").in_([sa.literal_column("'pending'"), sa.literal_column("'processing'")])

storyboard_jobs = sa.Table(
    "storyboard_jobs",
    metadata,
    sa.Column("id", _Uuid, primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("job_type", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("input_params", _Json, nullable=False),
    sa.Column("result_image", sa.Text),
    sa.Column("understanding", _Json),
    sa.Column("error_message", sa.Text),
    sa.Column("error_code", sa.Text),
    sa.Column("execution_time_ms", sa.Integer),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("started_at", UtcTimestamp),
    sa.Column("completed_at", UtcTimestamp),
    sa.Column("details", _Json, nullable=False),
    sa.Index("idx_storyboard_jobs_org_id", "org_id"),
    sa.Index("idx_storyboard_jobs_status", "status"),
    sa.Index("idx_storyboard_jobs_created", sa.text("created_at DESC")),
    sa.Index("idx_storyboard_jobs_type", "job_type"),
    sa.Index("idx_storyboard_jobs_org_status", "org_id", "status"),
    sa.Index(
        "idx_storyboard_jobs_unfinished", "created_at", postgresql_where=OPEN, sqlite_where=OPEN
    ),
    sa.Index("idx_storyboard_jobs_ended", "completed_at"),
    sa.Index("idx_storyboard_jobs_org_created", "org_id", sa.text("created_at DESC")),
    sa.Index(
        "idx_storyboard_jobs_org_counted",
        *("org_id", "completed_at", "status", "execution_time_ms", "error_code", "started_at"),
    ),
)

# Words and not parameters, as above. What is not ASCII has more bytes than letters.
_NOT_FOLDED = "NOT folded AND {bytes} <> length(searched)"
UNFOLDED = {
    "postgresql": sa.text(_NOT_FOLDED.format(bytes="octet_length(searched)")),
    "sqlite": sa.text(_NOT_FOLDED.format(bytes="length(CAST(searched AS BLOB))")),
}

work = sa.Table(
    "storyloom_work",
    metadata,
    sa.Column("id", _Uuid, primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("kept_in", sa.Text, nullable=False),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("labels", _Json, nullable=False),
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("folded", sa.Boolean, nullable=False, server_default=sa.false()),
    # Empty for what is no storyboard.
    *(
        sa.Column(name, sa.Text, nullable=False, server_default="")
        for name in ("headline", "audience", "format")
    ),
    sa.Index(
        "idx_storyloom_work_org_created",
        *("org_id", "kept_in", sa.text("created_at DESC"), sa.text("id DESC")),
    ),
    sa.Index(
        "idx_storyloom_work_unfolded",
        "id",
        postgresql_where=UNFOLDED["postgresql"],
        sqlite_where=UNFOLDED["sqlite"],
    ),
)

#: Indexes of older versions that nothing is found by any more.
DROPPED = ("idx_storyboard_jobs_org_ended", "idx_storyloom_run_exports_ended")

workers = sa.Table(
    "storyloom_workers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("queues", sa.Text, nullable=False),
    sa.Column("started_at", UtcTimestamp, nullable=False),
    sa.Column("beat_at", UtcTimestamp, nullable=False),
)

model_calls = sa.Table(
    "storyloom_model_calls",
    metadata,
    sa.Column("id", _Uuid, primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("job_id", _Uuid),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("fresh", sa.Boolean, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("prompt_version", sa.Text, nullable=False),
    sa.Column("input_hash", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("estimate_usd", UsDollars),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("started_at", UtcTimestamp, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False, server_default="open"),
    sa.Column("input_tokens", sa.BigInteger),
    sa.Column("output_tokens", sa.BigInteger),
    sa.Column("cost_usd", UsDollars),
    sa.Column("price_source", sa.Text, nullable=False, server_default=""),
    sa.Column("duration_ms", sa.Integer),
    sa.Column("result", _Json),
    sa.Column("scope", sa.Text),
    sa.Index("idx_storyloom_model_calls_input", "org_id", "input_hash"),
    sa.Index("idx_storyloom_model_calls_job", "job_id"),
    sa.Index("idx_storyloom_model_calls_org_started", "org_id", "started_at"),
    sa.Index("idx_storyloom_model_calls_started", "started_at"),
)

sessions = sa.Table(
    "storyloom_sessions",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("timestamp", sa.BigInteger, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("updated_at", UtcTimestamp, nullable=False),
)

# Words and not parameters, as above.
PENDING = sa.column("acknowledged_at").is_(None)
LATCHED = sa.column("latched", sa.Boolean)

notifications = sa.Table(
    "storyloom_notifications",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("session_timestamp", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("latched", sa.Boolean, nullable=False),
    sa.Column("made_at", UtcTimestamp, nullable=False),
    sa.Column("acknowledged_at", UtcTimestamp),
    sa.Index(
        "idx_storyloom_notifications_pending",
        *("org_id", "type", "made_at", "id"),
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    ),
    sa.Index(
        "idx_storyloom_notifications_latched",
        *("org_id", "type", "session_timestamp"),
        unique=True,
        postgresql_where=LATCHED,
        sqlite_where=LATCHED,
    ),
    sa.Index("idx_storyloom_notifications_made", "made_at"),
    sa.Index("idx_storyloom_notifications_acknowledged", "acknowledged_at"),
)

api_keys = sa.Table(
    "storyloom_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("expires_at", UtcTimestamp),
    sa.Column("last_used_at", UtcTimestamp),
    sa.Column("revoked_at", UtcTimestamp),
    sa.Index("idx_storyloom_keys_org_created", "org_id", sa.text("created_at DESC")),
)

runs = sa.Table(
    "storyloom_runs",
    metadata,
    sa.Column("id", _Uuid, primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("cause", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("completed_at", UtcTimestamp),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("idx_storyloom_runs_cause", "org_id", "cause", unique=True),
    sa.Index(
        "idx_storyloom_runs_unfinished", "created_at", postgresql_where=OPEN, sqlite_where=OPEN
    ),
    sa.Index("idx_storyloom_runs_org_created", "org_id", sa.text("created_at DESC")),
    sa.Index("idx_storyloom_runs_created", "created_at"),
    sa.Index("idx_storyloom_runs_ended", "completed_at"),
    sa.Index("idx_storyloom_runs_org_ended", "org_id", "completed_at"),
)

run_shots = sa.Table(
    "storyloom_run_shots",
    metadata,
    sa.Column("run_id", _Uuid, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

run_exports = sa.Table(
    "storyloom_run_exports",
    metadata,
    sa.Column("id", _Uuid, primary_key=True),
    sa.Column("run_id", _Uuid, nullable=False),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("completed_at", UtcTimestamp),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("idx_storyloom_run_exports_run", "run_id"),
    sa.Index("idx_storyloom_run_exports_org_created", "org_id", sa.text("created_at DESC")),
    sa.Index(
        "idx_storyloom_run_exports_unfinished",
        "created_at",
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    ),
)

automation_config = sa.Table(
    "storyloom_automation_config",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

presets = sa.Table(
    "storyloom_presets",
    metadata,
    sa.Column("org_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

old_logos = sa.Table(
    "storyloom_old_logos",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("laid_aside_at", UtcTimestamp, nullable=False),
)

queue_switches = sa.Table(
    "storyloom_queues",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("paused_at", UtcTimestamp, nullable=False),
)

gpu_leases = sa.Table(
    "storyloom_gpu_leases",
    metadata,
    sa.Column("resource", sa.Text, primary_key=True),
    sa.Column("id", _Uuid),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("fencing_token", sa.BigInteger, nullable=False),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("ttl_s", sa.Double, nullable=False),
    sa.Column("granted_at", UtcTimestamp, nullable=False),
    sa.Column("expires_at", UtcTimestamp, nullable=False),
)

events = sa.Table(
    "storyloom_events",
    metadata,
    sa.Column(
        "seq",
        # SQLite finds rows by such a column without an index.
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("at", UtcTimestamp, nullable=False),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Index("idx_storyloom_events_id", "id", unique=True),
    sa.Index("idx_storyloom_events_org", "org_id", "seq"),
    sa.Index("idx_storyloom_events_subject", "subject_id", "seq"),
)

idempotency_keys = sa.Table(
    "storyloom_idempotency_keys",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("seed", _Uuid, nullable=False),
    sa.Column("holder", sa.Text),
    sa.Column("held_until", UtcTimestamp, nullable=False),
    sa.Column("expires_at", UtcTimestamp, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("headers", sa.Text),
    sa.Column("body", sa.LargeBinary),
    sa.Index("idx_storyloom_idempotency_keys_holder", "holder"),
    sa.Index("idx_storyloom_idempotency_keys_expires", "expires_at"),
)

webhooks = sa.Table(
    "storyloom_webhooks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("types", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("disabled_reason", sa.Text),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("secrets", sa.Text, nullable=False),
    sa.Column("after_seq", sa.BigInteger, nullable=False),
    sa.Index("idx_storyloom_webhooks_org_created", "org_id", sa.text("created_at DESC")),
)

# Words and not parameters, as above.
UNSENT = sa.column("status") == sa.literal_column("'pending'")

webhook_deliveries = sa.Table(
    "storyloom_webhook_deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("webhook_id", sa.Text, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", UtcTimestamp, nullable=False),
    sa.Column("next_attempt_at", UtcTimestamp),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(
        "idx_storyloom_webhook_deliveries_unsent",
        *("webhook_id", "next_attempt_at"),
        postgresql_where=UNSENT,
        sqlite_where=UNSENT,
    ),
    sa.Index(
        "idx_storyloom_webhook_deliveries_webhook",
        *("webhook_id", sa.text("created_at DESC"), sa.text("id DESC")),
    ),
    sa.Index("idx_storyloom_webhook_deliveries_created", "created_at"),
)

webhook_turn = sa.Table(
    "storyloom_webhook_turn",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text),
    sa.Column("held_until", UtcTimestamp, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
