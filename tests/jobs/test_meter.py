from storyloom.jobs.meter import Meter
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import new_job_id


def test_running_jobs_and_their_peak_are_counted() -> None:
    meter = Meter()

    with meter.run(new_job_id()), meter.run(new_job_id()):
        assert meter.running == 2
    with meter.run(new_job_id()):
        assert meter.running == 1

    assert (meter.running, meter.peak) == (0, 2)


def test_ends_are_counted_by_type_and_status() -> None:
    meter = Meter()

    meter.ended("code_to_storyboard", JobStatus.FAILED, 1500)

    (took,) = meter.jobs.read()
    assert took.labels == ("code_to_storyboard", "failed")
    assert took.sum_s == 1.5
