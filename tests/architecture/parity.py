"""Where each operation of the API is: in the client, among the commands and among the tools of agents.

One row an operation, by its path; what is not there says why, for this operation alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Not:
    """It is not there, and why."""

    reason: str


@dataclass(frozen=True)
class Reach:
    """A method of the client, a command and a tool; several do for one operation, one is named."""

    client: str | Not
    cli: str | Not
    mcp: str | Not


PARITY = {
    "GET /api/v1/automation/config": Reach(
        "runs.config",
        "runs config",
        Not("what holds for all runs of an organisation is for its people to decide"),
    ),
    "PUT /api/v1/automation/config": Reach(
        "runs.configure",
        "runs config",
        Not("an agent says what is to differ in `story_run`, and changes nobody else's runs"),
    ),
    "GET /api/v1/automation/runs": Reach("runs.list", "runs list", "list_jobs"),
    "POST /api/v1/automation/runs": Reach("runs.start", "runs start", "story_run"),
    "POST /api/v1/automation/runs/preflight": Reach(
        "runs.preflight",
        "runs preflight",
        Not("`story_run` begins at once, and `explain_job` tells what is in the way"),
    ),
    "GET /api/v1/automation/runs/{run_id}": Reach(
        "runs.get", "runs show", Not("`job_status` tells how far it is, with the first pictures")
    ),
    "POST /api/v1/automation/runs/{run_id}/cancel": Reach(
        "runs.cancel", "runs cancel", "cancel_job"
    ),
    "GET /api/v1/automation/runs/{run_id}/exports": Reach(
        "runs.exports",
        "runs export",
        Not("`list_jobs` has exports by their kind, and `job_status` their addresses"),
    ),
    "POST /api/v1/automation/runs/{run_id}/exports": Reach(
        "runs.export",
        "runs export",
        Not(
            "an agent hands over the pictures that `job_status` writes; sheets and films are for people"
        ),
    ),
    "GET /api/v1/automation/runs/{run_id}/exports/{export_name}": Reach(
        "runs.download",
        "runs export",
        Not("a film may have hundreds of megabytes; `job_status` tells its address"),
    ),
    "POST /api/v1/automation/runs/{run_id}/pause": Reach(
        "runs.pause",
        "runs pause",
        Not("who needs the GPU meanwhile is a person; an agent cancels what it has begun"),
    ),
    "GET /api/v1/automation/runs/{run_id}/report": Reach("runs.report", "runs show", "job_status"),
    "POST /api/v1/automation/runs/{run_id}/resume": Reach(
        "runs.resume", "runs resume", Not("whoever has paused a run lets it go on")
    ),
    "POST /api/v1/automation/runs/{run_id}/retry": Reach("runs.retry", "runs retry", "retry_job"),
    "POST /api/v1/automation/runs/{run_id}/shots/{shot_id}/cancel": Reach(
        "runs.cancel_shot",
        "runs skip",
        Not("an agent does not see which picture is in the way of the others"),
    ),
    "GET /api/v1/automation/runs/{run_id}/shots/{shot_id}/image": Reach(
        "runs.picture", Not("`runs export ID archive` saves all of them"), "job_status"
    ),
    "POST /api/v1/automation/runs/{run_id}/shots/{shot_id}/regenerate": Reach(
        "runs.regenerate", "runs redraw", Not("whether a picture is good is seen by a person")
    ),
    "POST /api/v1/automation/runs/{run_id}/shots/{shot_id}/restore": Reach(
        "runs.restore",
        "runs restore",
        Not("which of two pictures counts is chosen by whoever sees both"),
    ),
    "GET /api/v1/gpu/leases": Reach(
        "gpus.leases",
        Not("who holds the GPU is told to a program that wants it; `runs show` says it to people"),
        Not("a run that waits for the GPU says so in `explain_job`"),
    ),
    "POST /api/v1/gpu/leases": Reach(
        "gpus.acquire",
        Not("a command would end at once, and leave a lease that nobody renews"),
        Not("a lease is for a program that renews it every few seconds"),
    ),
    "DELETE /api/v1/gpu/leases/{lease_id}": Reach(
        "gpus.release",
        Not("only the program that took it has its token"),
        Not("an agent takes none that it could give back"),
    ),
    "PUT /api/v1/gpu/leases/{lease_id}": Reach(
        "gpus.renew",
        Not("a command does not stay to renew it"),
        Not("an agent does not come back every few seconds"),
    ),
    "GET /api/v1/gpu/status": Reach(
        "gpus.status", "gpu", Not("it tells of a machine that an agent cannot choose")
    ),
    "GET /api/v1/notifications/check": Reach(
        "notifications.check",
        "notifications check",
        Not("services tell each other so; an agent asks `job_status`"),
    ),
    "POST /api/v1/notifications/{notification_id}/ack": Reach(
        "notifications.acknowledge",
        "notifications ack",
        Not("acknowledged by an agent, it would be lost for whom it was meant"),
    ),
    "GET /api/v1/session/latest": Reach(
        "sessions.latest",
        Not("`sessions list --limit 1` names it for `sessions show`"),
        Not("sessions are of people who write; an agent brings its script to `story_run`"),
    ),
    "GET /api/v1/session/list": Reach(
        "sessions.list",
        "sessions list",
        Not("what people write is not shown to an agent unless they hand it over"),
    ),
    "POST /api/v1/session/save": Reach(
        "sessions.save", "sessions save", Not("`story_run` saves the session that it needs")
    ),
    "DELETE /api/v1/session/{session_timestamp}": Reach(
        "sessions.delete", "sessions delete", Not("nothing brings a session back")
    ),
    "GET /api/v1/session/{session_timestamp}": Reach(
        "sessions.get",
        "sessions show",
        Not("it has the whole script of somebody, who can give it as a file"),
    ),
    "POST /api/v1/session/{session_timestamp}/prompts": Reach(
        "sessions.add_prompts",
        "sessions prompts",
        Not("prompts come from the service that writes them"),
    ),
    "GET /api/v1/session/{session_timestamp}/prompts-status": Reach(
        "sessions.prompts_status",
        "sessions show",
        Not("it is polled by the service that waits for prompts"),
    ),
    "GET /api/v1/swarmui/log": Reach(
        "swarmui.log", "swarmui log", Not("what SwarmUI prints helps whoever mends it")
    ),
    "POST /api/v1/swarmui/start": Reach(
        "swarmui.start", "swarmui start", Not("a run starts SwarmUI where it needs it")
    ),
    "GET /api/v1/swarmui/status": Reach(
        "swarmui.status", "swarmui status", Not("`explain_job` says what a run waits for there")
    ),
    "POST /api/v1/swarmui/stop": Reach(
        "swarmui.stop", "swarmui stop", Not("it would end what others generate")
    ),
    "POST /api/v1/trigger/beats-ready": Reach(
        "sessions.beats_ready",
        Not("said by the service that has written the beats, in a program"),
        Not("an agent writes no beats; `story_run` has them written"),
    ),
    "GET /healthz": Reach(
        Not("`GET /livez` under its older name"),
        Not("another name of `GET /livez`"),
        Not("an older name, for probes"),
    ),
    "GET /livez": Reach(
        "service.health",
        Not("`curl -f` does for a probe; people have `doctor`"),
        Not("each tool says in a sentence when its server is away"),
    ),
    "GET /readyz": Reach(
        "service.readiness", "doctor", Not("what is wrong with a server is mended by its operator")
    ),
    "POST /storyboard/code": Reach("storyboards.from_code", "code", "code_to_storyboard"),
    "GET /storyboard/costs": Reach(
        "storyboards.costs",
        "costs",
        Not("the spending of a whole organisation; `job_status` tells what a job has cost"),
    ),
    "GET /storyboard/jobs": Reach("storyboards.list", "jobs list", "list_jobs"),
    "GET /storyboard/jobs/{job_id}": Reach("storyboards.get", "jobs show", "job_status"),
    "GET /storyboard/jobs/{job_id}/image": Reach("storyboards.image", "code", "job_status"),
    "POST /storyboard/jobs/{job_id}/revise": Reach(
        "storyboards.revise", "revise", "revise_storyboard"
    ),
    "GET /storyboard/presets": Reach("storyboards.presets", "presets", "list_presets"),
    "POST /storyboard/roadmap": Reach(
        "storyboards.from_roadmap", "roadmap", "roadmap_to_storyboard"
    ),
    "GET /v1/doctor": Reach(
        "service.doctor",
        "doctor",
        Not("its findings name hosts, settings and providers of the operator"),
    ),
    "GET /v1/events": Reach(
        "events.list",
        "events list",
        Not("tools report progress while they wait, and answer at the end"),
    ),
    "GET /v1/jobs": Reach("jobs.list", "jobs all", "list_jobs"),
    "POST /v1/jobs": Reach(
        "jobs.create",
        Not("`code`, `roadmap` and `story` make the same jobs, each with its options"),
        Not("three tools make the same jobs, each with its own parameters"),
    ),
    "GET /v1/jobs/{job_id}": Reach("jobs.get", "jobs watch", "job_status"),
    "POST /v1/jobs/{job_id}/cancel": Reach("jobs.cancel", "jobs cancel", "cancel_job"),
    "GET /v1/jobs/{job_id}/cost": Reach("jobs.cost", "jobs cost", "job_status"),
    "GET /v1/jobs/{job_id}/events": Reach(
        "jobs.stream",
        "events follow",
        Not("an answer of a tool is no stream; `job_status` reports progress"),
    ),
    "GET /v1/jobs/{job_id}/evidence": Reach(
        "jobs.evidence",
        Not("it is read beside the source, on a page; a script takes the client"),
        Not("an agent has the code itself at hand"),
    ),
    "GET /v1/jobs/{job_id}/explain": Reach("jobs.explain", "jobs explain", "explain_job"),
    "POST /v1/jobs/{job_id}/retry": Reach("jobs.retry", "jobs retry", "retry_job"),
    "GET /v1/jobs/{job_id}/source": Reach(
        "jobs.source",
        Not("whoever handed the file in has it; it is shown beside the evidence"),
        Not("an agent has handed it in itself"),
    ),
    "GET /v1/jobs/{job_id}/thumbnail": Reach(
        "jobs.thumbnail",
        Not("a list in a terminal shows no pictures; whoever wants one downloads it whole"),
        Not("`job_status` shows the picture itself"),
    ),
    "GET /v1/jobs/{job_id}/timeline": Reach(
        "jobs.timeline",
        Not("drawn by a page; `events follow ID --after 0` prints the same in lines"),
        Not("how long each step took matters to nobody who only wants the picture"),
    ),
    "GET /v1/keys": Reach(
        "keys.list", "keys list", Not("whom a server lets in is not for an agent to see")
    ),
    "POST /v1/keys": Reach(
        "keys.create", "keys create", Not("an agent that made keys could let anybody in")
    ),
    "DELETE /v1/keys/{key_id}": Reach(
        "keys.revoke", "keys revoke", Not("an agent that revoked keys could lock everybody out")
    ),
    "GET /v1/organizations": Reach(
        "organizations.list",
        "organizations",
        Not("whose work a server does is not for an agent to see"),
    ),
    "GET /v1/presets": Reach(
        "presets.list", "presets", Not("the tools name in their parameters what may be chosen")
    ),
    "DELETE /v1/presets/icp/{key}": Reach(
        "presets.delete",
        Not("a profile is removed where all of them are seen, on a page or by a program"),
        Not("an agent could remove what others name in their requests"),
    ),
    "GET /v1/presets/icp/{key}": Reach(
        "presets.get",
        Not("`presets` lists what may be named; one is looked at where it is edited"),
        Not("`list_presets` tells what an agent may choose"),
    ),
    "PUT /v1/presets/icp/{key}": Reach(
        "presets.put",
        Not("a brand is edited where its sample is seen, on a page or by a program"),
        Not("whose brand a board bears is for people to settle"),
    ),
    "DELETE /v1/presets/icp/{key}/logo": Reach(
        "presets.delete_logo",
        Not("taking a logo away is a step of editing a brand, and done where it is edited"),
        Not("boards without their logo would go out under an agent's hand"),
    ),
    "GET /v1/presets/icp/{key}/logo": Reach(
        "presets.logo",
        Not("the logo is a small copy, and whoever has a command has the file it came from"),
        Not("an agent sees logos on the boards that it is shown"),
    ),
    "PUT /v1/presets/icp/{key}/logo": Reach(
        "presets.put_logo",
        Not("`curl --data-binary` hands a logo in, until somebody wishes for more"),
        Not("a file that stands on all boards is not for an agent to exchange"),
    ),
    "POST /v1/presets/sample": Reach(
        "presets.sample",
        Not("it is drawn at every stroke of an editor; a terminal shows no picture"),
        Not("an agent has no brand to try out"),
    ),
    "GET /v1/previews/board": Reach(
        "presets.preview",
        Not("a sample for whoever chooses on a page; `code` draws the board itself"),
        Not("an agent draws the board itself"),
    ),
    "GET /v1/queues": Reach(
        "queues.list", "queues list", Not("`explain_job` tells the place of a job in its queue")
    ),
    "POST /v1/queues/{name}/pause": Reach(
        "queues.pause", "queues pause", Not("it would hold the jobs of everybody")
    ),
    "POST /v1/queues/{name}/resume": Reach(
        "queues.resume", "queues resume", Not("who has held a queue knows when it may go on")
    ),
    "DELETE /v1/session": Reach(
        Not("the client has no cookie to give back"),
        Not("a command has no cookie to give back"),
        Not("an agent has signed in nowhere"),
    ),
    "GET /v1/session": Reach(
        Not("a cookie is for the page in a browser; programs send their key with each request"),
        Not("the page asks whether its cookie is good; a command has a key"),
        Not("an agent's key is its server's setting"),
    ),
    "POST /v1/session": Reach(
        Not("the client needs no cookie in place of its key"),
        Not("a command has nowhere to keep a cookie"),
        Not("an agent signs in nowhere"),
    ),
    "GET /v1/statistics": Reach(
        "jobs.statistics",
        "jobs figures",
        Not("the figures of a whole organisation are for its people"),
    ),
    "GET /v1/webhooks": Reach(
        "webhooks.list", "webhooks list", Not("where events go is decided by operators")
    ),
    "POST /v1/webhooks": Reach(
        "webhooks.create",
        "webhooks add",
        Not("it would send what happens to an address that an agent was talked into"),
    ),
    "DELETE /v1/webhooks/{webhook_id}": Reach(
        "webhooks.delete", "webhooks remove", Not("another service counts on being told")
    ),
    "GET /v1/webhooks/{webhook_id}": Reach(
        "webhooks.get", "webhooks list", Not("its address belongs to another service")
    ),
    "PATCH /v1/webhooks/{webhook_id}": Reach(
        "webhooks.change", "webhooks enable", Not("changed by an agent, events would go elsewhere")
    ),
    "GET /v1/webhooks/{webhook_id}/deliveries": Reach(
        "webhooks.deliveries",
        "webhooks deliveries",
        Not("the log is for whoever mends the receiver"),
    ),
    "GET /v1/webhooks/{webhook_id}/deliveries/{delivery_id}": Reach(
        "webhooks.delivery",
        "webhooks deliveries",
        Not("its body has what was told to another service"),
    ),
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": Reach(
        "webhooks.replay", "webhooks replay", Not("whoever has mended the receiver sends it again")
    ),
    "POST /v1/webhooks/{webhook_id}/rotate": Reach(
        "webhooks.rotate", "webhooks rotate", Not("the answer is a secret")
    ),
    "POST /v1/webhooks/{webhook_id}/test": Reach(
        "webhooks.test", "webhooks test", Not("it posts to a service that is not the agent's")
    ),
    "GET /version": Reach(
        "service.version",
        Not("`storyloom --version` is this one's, and `doctor` looks at workers of other versions"),
        Not("the agent's client is told the version as it connects"),
    ),
}
