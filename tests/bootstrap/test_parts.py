"""What is told of the parts that were chosen."""

from pathlib import Path

import pytest

from storyloom.bootstrap.parts import choices, text_reader_fault
from storyloom.settings import Settings


def told(**chosen: object) -> dict[str, str]:
    settings = Settings.load(data_dir=Path("data"), **chosen)
    return {choice.part: choice.chosen for choice in choices(settings)}


def test_a_laptop() -> None:
    parts = told()

    assert parts["hot state"] == "memory of the server's process"
    assert parts["archive"] == f"SQLite, {Path('data/storyloom.sqlite')}"
    assert parts["engine"].startswith("DBOS, embedded, ")
    assert parts["pictures"] == f"files, {Path('data/images')}"
    assert parts["sessions and notifications"] == parts["archive"]
    assert parts["GPUs"] == "as nvidia-smi on the PATH tells"
    assert parts["SwarmUI"] == "http://localhost:7801, launched by others"
    assert parts["films of stories"] == "ffmpeg on the PATH"
    assert (parts["retention"], parts["traces"], parts["worker queues"]) == (
        "for ever",
        "none",
        "*",
    )


def test_production_without_its_passwords() -> None:
    parts = told(
        redis_url="rediss://:hunter2@cache:7000/2",
        database_url="postgres://me:hunter2@db/jobs?sslmode=require",
        images_url="s3://pictures/boards",
        queues="images-*",
        keep_days=30,
        traces=True,
        concurrency=8,
        nvidia_smi="none",
        swarmui_dir="/opt/SwarmUI",
    )

    assert parts["hot state"] == "Redis, cache:7000, database 2 over TLS"
    assert parts["archive"] == "PostgreSQL, db:5432, database jobs"
    assert (
        parts["engine"]
        == "DBOS, shared, PostgreSQL, db:5432, database jobs, 8 jobs at a time a worker"
    )
    assert parts["pictures"] == "bucket pictures, folder boards"
    assert parts["sessions and notifications"] == parts["hot state"]
    assert parts["GPUs"] == "none is looked for"
    assert parts["SwarmUI"] == "http://localhost:7801, in /opt/SwarmUI"
    assert parts["retention"] == "30 days after their end"
    assert parts["traces"].startswith("OpenTelemetry")
    assert parts["worker queues"] == "images-*"
    assert "hunter2" not in str(parts)


def test_without_models() -> None:
    parts = told()

    assert parts["understanding of code"].startswith("static: tree-sitter")
    assert parts["understanding of roadmaps"].startswith("static: OCR")
    assert parts["image art"] == "vector scenes, drawn by Typst"
    assert parts["models on request"] == "none but those above"
    assert parts["budget"] == "no limit"


def test_with_models() -> None:
    parts = told(
        google_api_key="hunter2",
        fallback_models="ollama:llama4, gpt-6-luna",
        allowed_models="google:*",
        budget_per_job_usd="0.50",
        budget_per_org_day_usd=20,
    )

    reads = "google:gemini-3.8-flash; if it fails: ollama:llama4; if it fails: openai:gpt-6-luna"
    assert parts["understanding of code"] == parts["understanding of roadmaps"] == reads
    assert parts["image art"] == "google:gemini-3.1-flash-image"
    assert parts["models on request"] == "google:*"
    assert parts["budget"] == "$0.50 a job, $20 a day for each organisation"
    assert "hunter2" not in str(parts)


def test_a_wrong_name_is_told_and_not_raised() -> None:
    parts = told(language_model="gogle:gemini", image_model="anthropic:claude-haiku-5-5")

    assert "STORYLOOM_LANGUAGE_MODEL: There is no model provider" in parts["understanding of code"]
    assert "anthropic makes no pictures" in parts["image art"]
    assert parts["archive"].startswith("SQLite")


@pytest.mark.parametrize(
    ("database_url", "archive"),
    [
        (None, "Supabase's REST API, xxx.supabase.co; for one server, without DATABASE_URL"),
        ("postgres://db/jobs", "Supabase's REST API, xxx.supabase.co"),
    ],
)
def test_supabase(database_url: str | None, archive: str) -> None:
    parts = told(supabase_url="https://xxx.supabase.co", database_url=database_url)

    assert parts["archive"] == archive


def test_addresses_that_cannot_be_read() -> None:
    parts = told(
        redis_url="redis://:hunter2@cache:port",
        database_url="postgres://me:hunter2@db:port/jobs",
    )

    assert "an address that cannot be read" in parts["hot state"]
    assert parts["archive"] == "PostgreSQL, an address that cannot be read"
    assert told(supabase_url="nowhere")["archive"].startswith("Supabase's REST API, an address")
    assert "hunter2" not in str(parts)


async def test_absent_ocr_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await text_reader_fault() is None

    monkeypatch.setattr("storyloom.adapters.rapidocr.text_reader.PACKAGES", ("not_installed",))

    assert "pip install 'storyloom[ocr]'" in (await text_reader_fault() or "")
