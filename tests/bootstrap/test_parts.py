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
    )

    assert parts["hot state"] == "Redis, cache:7000, database 2 over TLS"
    assert parts["archive"] == "PostgreSQL, db:5432, database jobs"
    assert (
        parts["engine"]
        == "DBOS, shared, PostgreSQL, db:5432, database jobs, 8 jobs at a time a worker"
    )
    assert parts["pictures"] == "bucket pictures, folder boards"
    assert parts["retention"] == "30 days after their end"
    assert parts["traces"].startswith("OpenTelemetry")
    assert parts["worker queues"] == "images-*"
    assert "hunter2" not in str(parts)


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
