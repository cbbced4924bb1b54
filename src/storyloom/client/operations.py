"""Every operation that the client asks for: where it is, and what it answers."""

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from storyloom.access.schemas import KeyList, MadeKey
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.export_bodies import ExportList
from storyloom.automation.runs.preflight import PreflightReport
from storyloom.automation.runs.schemas import Report
from storyloom.automation.runs.views import (
    RUNS,
    RunAccepted,
    RunList,
    RunSummary,
    RunView,
    ShotView,
)
from storyloom.automation.schemas import SwarmLog, SwarmStarted, SwarmStatus, SwarmStopped
from storyloom.events.schemas import EventPage
from storyloom.gpu.lease_bodies import HeldLease, LeaseGrant, LeaseList
from storyloom.gpu.schemas import GpuStatus
from storyloom.jobs.schemas import QueueState
from storyloom.kit.diagnosis import Diagnosis
from storyloom.notifications.schemas import Acknowledged, NotificationDigest, Notifications
from storyloom.outbound.costs import Cost
from storyloom.story.schemas import (
    PromptsStatus,
    PromptsTaken,
    Session,
    SessionDeleted,
    SessionList,
    SessionSaved,
    Triggered,
)
from storyloom.storyboard.profiles.schemas import PRESETS, IcpView, PresetCatalogue
from storyloom.storyboard.schemas import JobAccepted, JobList, JobView, PresetList
from storyloom.storyboard.spending import Spending
from storyloom.webhooks.schemas import (
    WEBHOOKS,
    Delivery,
    DeliveryList,
    MadeWebhook,
    Webhook,
    WebhookList,
    WholeDelivery,
)
from storyloom.work.organizations import OrganizationList
from storyloom.work.schemas import JOBS, Explanation, QueueList, Work, WorkList
from storyloom.work.sources import EvidenceView
from storyloom.work.statistics import Statistics
from storyloom.work.timeline import Timeline

T = TypeVar("T")
JSON, SSE, ANY = "application/json", "text/event-stream", "*/*"


class Health(BaseModel):
    """The process answers."""

    status: str


class ServerVersion(BaseModel):
    """What answers."""

    name: str
    version: str


class Readiness(BaseModel):
    """Every part that is configured: `ok`, or a sentence that says what is wrong with it."""

    status: Literal["ready", "degraded", "unavailable"]
    checks: dict[str, str]


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """One operation of the API.

    `answer` is the model of the body; `bytes` for a file or a stream, `None`'s type for nothing.
    """

    method: str
    path: str
    answer: type[T]
    accept: str = JSON
    #: The status of an error whose body is a full answer all the same.
    also: int | None = None


Nothing = type(None)
_BOARD_JOB = "/storyboard/jobs/{job_id}"
_JOB = f"{JOBS}/{{job_id}}"
_RUN = f"{RUNS}/{{run_id}}"
_SHOT = f"{_RUN}/shots/{{shot_id}}"
_SESSION = "/api/v1/session/{session_timestamp}"
_LEASE = "/api/v1/gpu/leases/{lease_id}"
_CHECK = "/api/v1/notifications/check"
_CONFIG = "/api/v1/automation/config"
_EVENTS = "/v1/events"
_PROFILE = f"{PRESETS}/icp/{{key}}"
_WEBHOOK = f"{WEBHOOKS}/{{webhook_id}}"
_DELIVERY = f"{_WEBHOOK}/deliveries/{{delivery_id}}"

CREATE_FROM_CODE = Operation("POST", "/storyboard/code", JobAccepted)
CREATE_FROM_ROADMAP = Operation("POST", "/storyboard/roadmap", JobAccepted)
REVISE = Operation("POST", f"{_BOARD_JOB}/revise", JobAccepted)
LIST_BOARDS = Operation("GET", "/storyboard/jobs", JobList)
GET_BOARD = Operation("GET", _BOARD_JOB, JobView)
GET_BOARD_IMAGE = Operation("GET", f"{_BOARD_JOB}/image", bytes, ANY)
LIST_COSTS = Operation("GET", "/storyboard/costs", Spending)
LIST_PRESETS = Operation("GET", "/storyboard/presets", PresetList)
LIST_ALL_PRESETS = Operation("GET", PRESETS, PresetCatalogue)
SAMPLE_PROFILE = Operation("POST", f"{PRESETS}/sample", bytes, ANY)
GET_PROFILE = Operation("GET", _PROFILE, IcpView)
PUT_PROFILE = Operation("PUT", _PROFILE, IcpView)
DELETE_PROFILE = Operation("DELETE", _PROFILE, Nothing)
GET_LOGO = Operation("GET", f"{_PROFILE}/logo", bytes, ANY)
PUT_LOGO = Operation("PUT", f"{_PROFILE}/logo", IcpView)
DELETE_LOGO = Operation("DELETE", f"{_PROFILE}/logo", IcpView)
PREVIEW_BOARD = Operation("GET", "/v1/previews/board", bytes, ANY)

CREATE_JOB = Operation("POST", JOBS, Work)
LIST_JOBS = Operation("GET", JOBS, WorkList)
GET_JOB = Operation("GET", _JOB, Work)
CANCEL_JOB = Operation("POST", f"{_JOB}/cancel", Work)
RETRY_JOB = Operation("POST", f"{_JOB}/retry", Work)
EXPLAIN_JOB = Operation("GET", f"{_JOB}/explain", Explanation)
GET_JOB_COST = Operation("GET", f"{_JOB}/cost", Cost)
GET_JOB_TIMELINE = Operation("GET", f"{_JOB}/timeline", Timeline)
GET_JOB_SOURCE = Operation("GET", f"{_JOB}/source", bytes, ANY)
GET_JOB_THUMBNAIL = Operation("GET", f"{_JOB}/thumbnail", bytes, ANY)
GET_JOB_EVIDENCE = Operation("GET", f"{_JOB}/evidence", EvidenceView)
FOLLOW_JOB = Operation("GET", f"{_JOB}/events", bytes, SSE)
LIST_QUEUES = Operation("GET", "/v1/queues", QueueList)
PAUSE_QUEUE = Operation("POST", "/v1/queues/{name}/pause", QueueState)
RESUME_QUEUE = Operation("POST", "/v1/queues/{name}/resume", QueueState)
GET_STATISTICS = Operation("GET", "/v1/statistics", Statistics)
LIST_EVENTS = Operation("GET", _EVENTS, EventPage)
FOLLOW_EVENTS = Operation("GET", _EVENTS, bytes, SSE)

GET_RUN_CONFIG = Operation("GET", _CONFIG, RunConfig)
PUT_RUN_CONFIG = Operation("PUT", _CONFIG, RunConfig)
PREFLIGHT = Operation("POST", f"{RUNS}/preflight", PreflightReport)
START_RUN = Operation("POST", RUNS, RunAccepted)
LIST_RUNS = Operation("GET", RUNS, RunList)
GET_RUN = Operation("GET", _RUN, RunView)
GET_REPORT = Operation("GET", f"{_RUN}/report", Report)
PAUSE_RUN = Operation("POST", f"{_RUN}/pause", RunSummary)
RESUME_RUN = Operation("POST", f"{_RUN}/resume", RunSummary)
CANCEL_RUN = Operation("POST", f"{_RUN}/cancel", RunSummary)
RETRY_RUN = Operation("POST", f"{_RUN}/retry", RunSummary)
GET_SHOT_IMAGE = Operation("GET", f"{_SHOT}/image", bytes, ANY)
CANCEL_SHOT = Operation("POST", f"{_SHOT}/cancel", ShotView)
REGENERATE_SHOT = Operation("POST", f"{_SHOT}/regenerate", ShotView)
RESTORE_SHOT = Operation("POST", f"{_SHOT}/restore", ShotView)
START_EXPORTS = Operation("POST", f"{_RUN}/exports", ExportList)
LIST_EXPORTS = Operation("GET", f"{_RUN}/exports", ExportList)
GET_EXPORT = Operation("GET", f"{_RUN}/exports/{{export_name}}", bytes, ANY)

SAVE_SESSION = Operation("POST", "/api/v1/session/save", SessionSaved)
LIST_SESSIONS = Operation("GET", "/api/v1/session/list", SessionList)
LATEST_SESSION = Operation("GET", "/api/v1/session/latest", Session)
GET_SESSION = Operation("GET", _SESSION, Session)
DELETE_SESSION = Operation("DELETE", _SESSION, SessionDeleted)
GET_PROMPTS_STATUS = Operation("GET", f"{_SESSION}/prompts-status", PromptsStatus)
ADD_PROMPTS = Operation("POST", f"{_SESSION}/prompts", PromptsTaken)
TRIGGER_BEATS_READY = Operation("POST", "/api/v1/trigger/beats-ready", Triggered)
CHECK_NOTIFICATIONS = Operation("GET", _CHECK, Notifications)
CHECK_BY_STORY = Operation("GET", _CHECK, NotificationDigest)
ACKNOWLEDGE = Operation("POST", "/api/v1/notifications/{notification_id}/ack", Acknowledged)

# A machine without a GPU is told of with the status 500, and with the whole body.
GET_GPU_STATUS = Operation("GET", "/api/v1/gpu/status", GpuStatus, also=500)
LIST_LEASES = Operation("GET", "/api/v1/gpu/leases", LeaseList)
ACQUIRE_LEASE = Operation("POST", "/api/v1/gpu/leases", LeaseGrant)
RENEW_LEASE = Operation("PUT", _LEASE, HeldLease)
RELEASE_LEASE = Operation("DELETE", _LEASE, Nothing)
START_SWARMUI = Operation("POST", "/api/v1/swarmui/start", SwarmStarted)
GET_SWARMUI = Operation("GET", "/api/v1/swarmui/status", SwarmStatus)
GET_SWARMUI_LOG = Operation("GET", "/api/v1/swarmui/log", SwarmLog)
STOP_SWARMUI = Operation("POST", "/api/v1/swarmui/stop", SwarmStopped)

LIST_WEBHOOKS = Operation("GET", WEBHOOKS, WebhookList)
CREATE_WEBHOOK = Operation("POST", WEBHOOKS, MadeWebhook)
GET_WEBHOOK = Operation("GET", _WEBHOOK, Webhook)
CHANGE_WEBHOOK = Operation("PATCH", _WEBHOOK, Webhook)
DELETE_WEBHOOK = Operation("DELETE", _WEBHOOK, Nothing)
TEST_WEBHOOK = Operation("POST", f"{_WEBHOOK}/test", Delivery)
ROTATE_WEBHOOK = Operation("POST", f"{_WEBHOOK}/rotate", MadeWebhook)
LIST_DELIVERIES = Operation("GET", f"{_WEBHOOK}/deliveries", DeliveryList)
GET_DELIVERY = Operation("GET", _DELIVERY, WholeDelivery)
REPLAY_DELIVERY = Operation("POST", f"{_DELIVERY}/replay", Delivery)

LIST_ORGANIZATIONS = Operation("GET", "/v1/organizations", OrganizationList)
LIST_KEYS = Operation("GET", "/v1/keys", KeyList)
CREATE_KEY = Operation("POST", "/v1/keys", MadeKey)
REVOKE_KEY = Operation("DELETE", "/v1/keys/{key_id}", Nothing)

GET_HEALTH = Operation("GET", "/livez", Health)
GET_READINESS = Operation("GET", "/readyz", Readiness, also=503)
DIAGNOSE = Operation("GET", "/v1/doctor", Diagnosis)
GET_VERSION = Operation("GET", "/version", ServerVersion)

OPERATIONS: dict[str, Operation[Any]] = {
    name: one for name, one in globals().items() if isinstance(one, Operation)
}
