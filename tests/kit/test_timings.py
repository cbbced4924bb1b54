from storyloom.kit.timings import Bucketed, Timings


def test_durations_are_counted_in_the_first_bucket_that_holds_them() -> None:
    timings = Timings(0.1, 1)

    for seconds in (0.05, 0.1, 0.5, 2):
        timings.add(("draw",), seconds)

    assert list(timings.read()) == [Bucketed(("draw",), (2, 3, 4), 2.65)]


def test_labels_are_kept_apart() -> None:
    timings = Timings(1)
    timings.add(("a",), 0)
    timings.add(("b",), 0)

    assert [took.labels for took in timings.read()] == [("a",), ("b",)]
