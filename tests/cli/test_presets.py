from tests.cli.conftest import Run, json_of


def test_everything_that_can_be_asked_for_is_listed(run: Run) -> None:
    told = run("presets").stdout

    assert [key for key in ("coperniq_mep", "preview", "c_suite") if key not in told] == []


def test_the_json_has_the_keys_of_the_api(run: Run) -> None:
    listed = json_of(run("presets", "--json"))

    assert list(listed) == ["icp_presets", "stages", "audiences"]
    assert [stage["key"] for stage in listed["stages"]] == ["preview", "demo", "shipped"]
