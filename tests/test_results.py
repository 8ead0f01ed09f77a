import copy
import datetime
import json
import math
import os
import subprocess
import sys
import types

import numpy as np
import pytest
import yaml

from nnbook_utils import profile, results

CHAPTER = "01_multilayer_perceptron"
EXPECTED = {
    CHAPTER: {
        "title": "Multilayer perceptron",
        "quick": {
            "minutes": 3,
            "peak_memory_gib": 2.5,
            "metrics": {
                "accuracy": {
                    "label": "Breast cancer <test>",
                    "min": 0.95,
                    "max": 1.0,
                    "baseline": "majority",
                    "listing": "listing",
                    "published": {"value": 0.97, "source": "Ann 2000"},
                    "headline": True,
                },
                "majority": {"label": "Majority class", "min": 0.5},
                "listing": {"label": "Listing", "max": 0.99, "listing": None},
            },
            "ratios": {
                "time": {"label": "Listing's time", "aim": 5},
                "memory": {"label": "Memory"},
            },
        },
    },
    "02_convolutional_network": {
        "title": "Convolutional network",
        "full": {"metrics": {"loss": {"label": "Loss", "max": 1}}},
    },
}
METRICS = {"accuracy": 0.96, "majority": 0.625, "listing": 0.9512345}
RATIOS = {"time": 6.25, "memory": 1}


@pytest.fixture
def expect(tmp_path, monkeypatch):
    """A function that puts these expected results in force and returns their file."""

    def write(expected):
        path = tmp_path / "expected.yml"
        text = expected if isinstance(expected, str) else yaml.safe_dump(expected, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv("NNBOOK_EXPECTED", str(path))
        return path

    return write


@pytest.fixture
def began(expect, monkeypatch):
    """Chapter 01, seed 7, 90 seconds ago, on a device of known size."""
    expect(EXPECTED)
    monkeypatch.setattr(profile, "_run", profile.Run(CHAPTER, 7, 100.0))
    monkeypatch.setattr(profile.time, "perf_counter", lambda: 190.6)
    monkeypatch.setattr(profile, "_peak_memory_bytes", lambda: int(1.256 * 2**30))
    monkeypatch.setattr(profile, "device", lambda: "CPU, 2 cores")
    monkeypatch.setattr(profile, "versions", lambda: {"Python": "3.11.9"})


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would display, collected."""
    bundles = []
    display = types.SimpleNamespace(display=lambda bundle, raw: bundles.append(bundle))
    fake = types.SimpleNamespace(get_ipython=lambda: object(), display=display)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    return bundles


def changed(place, value):
    """Return EXPECTED with one entry replaced, or removed where the value is ..."""
    expected = copy.deepcopy(EXPECTED)
    *path, last = place.split("/")
    section = expected
    for key in path:
        section = section[key]
    if value is ...:
        del section[last]
    else:
        section[last] = value
    return expected


# Reading


def test_load_expected_from_environment_and_argument(expect, tmp_path):
    expect(EXPECTED)
    assert results.load_expected() == EXPECTED
    other = tmp_path / "other.yml"
    other.write_text("a: {title: A}", encoding="utf-8")
    assert results.load_expected(other) == {"a": {"title": "A"}}


def test_load_expected_comes_with_the_package(monkeypatch, tmp_path):
    (tmp_path / "expected.yml").write_text("b: {title: B}", encoding="utf-8")
    monkeypatch.setenv("NNBOOK_EXPECTED", "")
    monkeypatch.setattr("nnbook_utils._expected.resources.files", lambda package: tmp_path)
    assert results.load_expected() == {"b": {"title": "B"}}


def test_missing_expected_file_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("NNBOOK_EXPECTED", str(tmp_path / "absent.yml"))
    with pytest.raises(OSError, match=r"absent\.yml \(No such file.*NNBOOK_EXPECTED"):
        results.load_expected()


QUICK = f"{CHAPTER}/quick"
METRIC = f"{QUICK}/metrics/accuracy"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (CHAPTER, 3, f"{CHAPTER} must be a mapping with title"),
        (f"{CHAPTER}/slow", {}, "made of title, quick, full; it also has slow"),
        (f"{CHAPTER}/title", ..., "title must be a text"),
        (QUICK, [1], "quick must be a mapping"),
        (f"{QUICK}/metrcs", {}, "it also has metrcs"),
        (f"{QUICK}/minutes", 0, "minutes must be a positive number, got 0"),
        (f"{QUICK}/minutes", "3", "minutes must be a positive number, got '3'"),
        (f"{QUICK}/minutes", True, "minutes must be a positive number, got True"),
        (f"{QUICK}/peak_memory_gib", -1, "peak_memory_gib must be a positive"),
        (f"{QUICK}/peak_memory_gib", math.inf, "peak_memory_gib must be a positive"),
        (f"{QUICK}/metrics", ..., "metrics must be a mapping with at least one"),
        (f"{QUICK}/metrics", {}, "metrics must be a mapping with at least one"),
        (f"{QUICK}/metrics", [1], "metrics must be a mapping with at least one"),
        (METRIC, 0.9, "accuracy must be a mapping with label and min or max"),
        (f"{METRIC}/mim", 1, "it also has mim"),
        (f"{METRIC}/label", ..., "accuracy: label must be a text"),
        (f"{METRIC}/label", "", "accuracy: label must be a text"),
        (METRIC, {"label": "A"}, "accuracy must be bounded: give min, max or both"),
        (f"{METRIC}/min", "0.9", "min must be a finite number, got '0.9'"),
        (f"{METRIC}/max", math.nan, "max must be a finite number, got nan"),
        (f"{METRIC}/max", None, "max must be a finite number, got None"),
        (f"{METRIC}/min", 1.5, "min <= max, got min 1.5 and max 1.0"),
        (f"{METRIC}/listing", "lsting", "listing must be the name of a metric .* got 'lsting'"),
        (f"{METRIC}/baseline", "x", "baseline must be the name of a metric"),
        (f"{METRIC}/published", 0.9, "published must be a mapping with value and source"),
        (f"{METRIC}/published", {"value": 1}, "published must be a mapping with value and source"),
        (
            f"{METRIC}/published",
            {"value": 1, "source": "S", "year": 1},
            "mapping with value and source",
        ),
        (f"{METRIC}/published/value", "high", "published: value must be a finite number"),
        (f"{METRIC}/published/source", 2000, "published: source must be a text"),
        (f"{METRIC}/headline", "yes please", "headline must be true or false"),
        (f"{QUICK}/ratios", [1], "ratios must be a mapping"),
        (f"{QUICK}/ratios/time", 5, "time must be a mapping with label and aim"),
        (f"{QUICK}/ratios/time/min", 5, "it also has min"),
        (f"{QUICK}/ratios/time/label", ..., "time: label must be a text"),
        (f"{QUICK}/ratios/time/aim", "5", "time: aim must be a finite number"),
    ],
)
def test_malformed_expected_results_name_the_place(expect, place, value, message):
    path = expect(changed(place, value))
    with pytest.raises(ValueError, match=message) as caught:
        results.load_expected()
    assert str(caught.value).startswith(f"{path}: {CHAPTER}")


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_expected_results_must_be_a_mapping(expect, text):
    expect(text)
    with pytest.raises(ValueError, match="must be a mapping from chapter to profiles"):
        results.load_expected()


def test_expected_results_must_be_yaml(expect):
    expect("a: [1,")
    with pytest.raises(ValueError, match="is not valid YAML"):
        results.load_expected()


def test_budgets_may_be_small(expect):
    expect(changed(f"{QUICK}/minutes", 0.5))
    assert results.load_expected()[CHAPTER]["quick"]["minutes"] == 0.5


def test_equal_min_and_max_are_allowed(expect):
    expect(changed(f"{METRIC}/min", 1.0))
    assert results.bounds(CHAPTER)["accuracy"]["min"] == 1.0


def test_bounds_of_the_current_and_a_named_profile(expect, monkeypatch):
    expect(EXPECTED)
    assert results.bounds(CHAPTER) == EXPECTED[CHAPTER]["quick"]["metrics"]
    monkeypatch.setenv("NNBOOK_PROFILE", "full")
    assert results.bounds(CHAPTER, "quick")["majority"] == {"label": "Majority class", "min": 0.5}
    assert list(results.bounds("02_convolutional_network")) == ["loss"]


def test_bounds_of_an_unknown_chapter_suggest_the_nearest(expect):
    expect(EXPECTED)
    with pytest.raises(ValueError, match=r"no chapter '01_multilayer'; did you mean '01_multi"):
        results.bounds("01_multilayer")


def test_bounds_of_a_profile_that_is_not_there(expect):
    expect(EXPECTED)
    with pytest.raises(ValueError, match=r"no profile 'full' for chapter '01.*\(it has: quick\)"):
        results.bounds(CHAPTER, "full")
    expect(changed(QUICK, ...))
    with pytest.raises(ValueError, match=r"\(it has: none\)"):
        results.bounds(CHAPTER, "quick")


# Reporting


def test_report_prints_an_aligned_table(began, capsys):
    assert results.report(CHAPTER, METRICS, RATIOS) is None
    assert capsys.readouterr().out.splitlines() == [
        "Metric                Measured  Bounds        Baseline  Reference listing  Best published",
        "Breast cancer <test>  0.96      0.95 to 1     0.625     0.9512             0.97, Ann 2000",
        "Majority class        0.625     at least 0.5",
        "Listing               0.9512    at most 0.99",
        "Listing's time        6.25      aim 5",
        "Memory                1",
        "Profile quick, seed 7, CPU, 2 cores: 1.51 of 3 minutes, 1.26 of 2.5 GiB at the peak.",
    ]


def test_report_leaves_out_empty_columns_and_budgets(expect, began, capsys):
    expect({CHAPTER: {"title": "T", "quick": {"metrics": {"a": {"label": "A", "min": 0}}}}})
    results.report(CHAPTER, {"a": 12345.678})
    assert capsys.readouterr().out.splitlines() == [
        "Metric  Measured   Bounds",
        "A       1.235e+04  at least 0",
        "Profile quick, seed 7, CPU, 2 cores: 1.51 minutes, 1.26 GiB at the peak.",
    ]


def test_report_leaves_the_record_in_the_output(began, shown):
    results.report(CHAPTER, METRICS, RATIOS)
    (bundle,) = shown
    assert set(bundle) == {"text/plain", "text/html", results.RECORD_MIME}
    record = json.loads(json.dumps(bundle[results.RECORD_MIME], allow_nan=False))
    quick = EXPECTED[CHAPTER]["quick"]
    assert record == {
        "chapter": CHAPTER,
        "title": "Multilayer perceptron",
        "profile": "quick",
        "metrics": {
            name: {"value": METRICS[name], **quick["metrics"][name]} for name in quick["metrics"]
        },
        "ratios": {
            "time": {"value": 6.25, "label": "Listing's time", "aim": 5},
            "memory": {"value": 1.0, "label": "Memory"},
        },
        "models": {},
        "minutes": 1.51,
        "peak_memory_gib": 1.26,
        "budget": {"minutes": 3, "peak_memory_gib": 2.5},
        "device": "CPU, 2 cores",
        "versions": {"Python": "3.11.9"},
        "seed": 7,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def test_report_as_html_escapes_and_marks_headers(began, shown):
    results.report(CHAPTER, METRICS, RATIOS)
    markup = shown[0]["text/html"]
    assert markup.startswith(
        "<div role='region' aria-label='Measured results' tabindex='0' style='overflow-x:auto'>"
        "<table class='nnbook-results'><thead><tr><th scope='col'>Metric</th>"
        "<th scope='col'>Measured</th><th scope='col'>Bounds</th>"
    )
    assert (
        "<tbody><tr><th scope='row'>Breast cancer &lt;test&gt;</th><td>0.96</td>"
        "<td>0.95 to 1</td><td>0.625</td><td>0.9512</td><td>0.97, Ann 2000</td></tr>" in markup
    )
    assert markup.endswith(
        "</tbody></table></div><p>" + shown[0]["text/plain"].splitlines()[-1] + "</p>"
    )
    assert "nnbook-broken" not in markup


@pytest.mark.parametrize(
    ("metric", "value", "breaks"),
    [
        ("accuracy", 0.95, False),
        ("accuracy", 1.0, False),
        ("accuracy", 0.9499999, True),
        ("accuracy", 1.0000001, True),
        ("majority", 0.4999, True),
        ("majority", 1e9, False),
        ("listing", 0.9901, True),
        ("listing", -1e9, False),
    ],
)
def test_bounds_are_inclusive_and_strict_builds_fail(
    began, monkeypatch, shown, metric, value, breaks
):
    monkeypatch.setenv("NNBOOK_STRICT", "1")
    measured = {**METRICS, metric: value}
    if not breaks:
        results.report(CHAPTER, measured, RATIOS)
        return
    with pytest.raises(results.BoundError):
        results.report(CHAPTER, measured, RATIOS)
    assert len(shown) == 1, "the table must be shown before the error"


def test_broken_bounds_are_listed(began, monkeypatch):
    monkeypatch.setenv("NNBOOK_STRICT", "1")
    broken = {"accuracy": 0.5, "majority": 0.1234567, "listing": 1.0}
    with pytest.raises(results.BoundError) as caught:
        results.report(CHAPTER, broken, RATIOS)
    assert str(caught.value) == (
        "01_multilayer_perceptron, profile quick: out of bounds\n"
        "  accuracy = 0.5 (min 0.95, max 1.0)\n"
        "  majority = 0.123457 (min 0.5)\n"
        "  listing = 1 (max 0.99)"
    )
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize("setting", ["0", "", None])
def test_readers_see_a_highlighted_row_and_no_error(began, monkeypatch, shown, setting):
    if setting is not None:
        monkeypatch.setenv("NNBOOK_STRICT", setting)
    results.report(CHAPTER, {**METRICS, "majority": 0.25}, RATIOS)
    bundle = shown[0]
    assert "Majority class        0.25 (out of bounds)  at least 0.5" in bundle["text/plain"]
    assert bundle["text/plain"].count("out of bounds") == 1
    assert (
        "<tr class='nnbook-broken' style='background:#ffe3d3;color:#222222'>"
        "<th scope='row'>Majority class</th><td>0.25 (out of bounds)</td>" in bundle["text/html"]
    )
    assert bundle["text/html"].count("nnbook-broken") == 1


def test_strict_must_be_zero_or_one(began, monkeypatch):
    monkeypatch.setenv("NNBOOK_STRICT", "yes")
    results.report(CHAPTER, METRICS, RATIOS)
    with pytest.raises(ValueError, match="NNBOOK_STRICT must be 0 or 1, got 'yes'"):
        results.report(CHAPTER, {**METRICS, "majority": 0}, RATIOS)


def test_ratios_never_fail(began, monkeypatch):
    monkeypatch.setenv("NNBOOK_STRICT", "1")
    results.report(CHAPTER, METRICS, {"time": 0.001, "memory": -5})


def test_numbers_of_other_libraries_become_plain(began, shown):
    numbers = {"accuracy": np.float32(0.96875), "majority": np.array(1), "listing": True}
    results.report(CHAPTER, numbers, RATIOS)
    metrics = shown[0][results.RECORD_MIME]["metrics"]
    assert [type(metric["value"]) for metric in metrics.values()] == [float] * 3
    assert metrics["accuracy"]["value"] == 0.96875


def test_missing_metrics_are_all_named(began, capsys):
    with pytest.raises(ValueError, match="metric missing from the report: accuracy, listing"):
        results.report(CHAPTER, {"majority": 0.6}, RATIOS)
    assert capsys.readouterr().out == ""


def test_unknown_metrics_are_named_with_the_nearest(began):
    with pytest.raises(
        ValueError, match=r"metric not in expected\.yml: acuracy, b; did you mean 'accuracy'\?"
    ):
        results.report(CHAPTER, {**METRICS, "acuracy": 1, "b": 2}, RATIOS)


def test_missing_and_unknown_ratios_are_named(began):
    with pytest.raises(ValueError, match="ratio missing from the report: time, memory"):
        results.report(CHAPTER, METRICS)
    with pytest.raises(ValueError, match=r"ratio not in expected.yml: tim; did you mean 'time'"):
        results.report(CHAPTER, METRICS, {**RATIOS, "tim": 1})


def test_cost_of_a_model_goes_into_the_record(began, shown):
    cost = {"parameters": np.int64(1234), "seconds": 2.34567}
    results.report(CHAPTER, METRICS, RATIOS, {"accuracy": cost})
    assert shown[0][results.RECORD_MIME]["models"] == {
        "accuracy": {"parameters": 1234, "seconds": 2.35}
    }
    assert json.loads(json.dumps(shown[0][results.RECORD_MIME]))["models"]


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ({"acuracy": {"parameters": 1, "seconds": 1}}, "unknown metric: acuracy; did you mean"),
        ({"accuracy": {"parameters": 1}}, r"needs parameters and seconds, got \['parameters'\]"),
        ({"accuracy": {"parameters": 0, "seconds": 1}}, "whole number of parameters"),
        ({"accuracy": {"parameters": 1.5, "seconds": 1}}, "got 1.5 and 1"),
        ({"accuracy": {"parameters": 1, "seconds": 0}}, "more than zero seconds"),
        (
            {"accuracy": {"parameters": math.nan, "seconds": 1}},
            "accuracy parameters must be finite",
        ),
    ],
)
def test_cost_of_a_model_must_be_whole(began, models, message):
    with pytest.raises(ValueError, match=message):
        results.report(CHAPTER, METRICS, RATIOS, models)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_must_be_finite(began, value):
    with pytest.raises(ValueError, match=r"metric majority must be finite, got .*look for NaN"):
        results.report(CHAPTER, {**METRICS, "majority": value}, RATIOS)
    with pytest.raises(ValueError, match="ratio time must be finite"):
        results.report(CHAPTER, METRICS, {**RATIOS, "time": value})


@pytest.mark.parametrize("value", [None, "high", [1, 2], {}])
def test_values_must_be_numbers(began, value):
    with pytest.raises(TypeError, match="metric majority must be one number, got"):
        results.report(CHAPTER, {**METRICS, "majority": value}, RATIOS)


@pytest.mark.parametrize("chapter", ["00_x", "02_x"])
def test_report_must_name_the_chapter_that_began(began, chapter):
    with pytest.raises(ValueError, match=rf"report\('{chapter}', ...\) in a run that .* '01_multi"):
        results.report(chapter, METRICS, RATIOS)


def test_report_compares_names_by_value(began):
    results.report("".join(["01_", "multilayer_perceptron"]), METRICS, RATIOS)


def test_report_before_begin(began, monkeypatch):
    monkeypatch.setattr(profile, "_run", None)
    with pytest.raises(RuntimeError, match="settings cell"):
        results.report(CHAPTER, METRICS, RATIOS)


# Gathering


def record(chapter=CHAPTER, profile_name="quick", value=0.96):
    return {
        "chapter": chapter,
        "profile": profile_name,
        "metrics": {"accuracy": {"value": value, "label": "Größe"}},
    }


@pytest.fixture
def executed(tmp_path, expect):
    """A function that writes an executed notebook whose outputs hold these records."""
    expect(EXPECTED)
    folder = tmp_path / "executed"
    folder.mkdir()

    def write(name, *records):
        cells = [{"cell_type": "markdown", "source": ""}, {"cell_type": "code", "outputs": []}]
        for one in records:
            stream = {"output_type": "stream", "text": "x"}
            data = {"text/plain": "table", results.RECORD_MIME: one}
            cells.append({"outputs": [stream, {"output_type": "display_data", "data": data}]})
        (folder / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return folder

    return write


def test_gather_writes_the_records_sorted(executed, tmp_path):
    executed("02_convolutional_network", record("02_convolutional_network"))
    executed("99_template")
    folder = executed(CHAPTER, record())
    (folder / "notes.txt").write_text("not a notebook", encoding="utf-8")
    to = tmp_path / "results" / "quick.json"
    found = results.gather(folder, to)
    assert list(found) == [CHAPTER, "02_convolutional_network"]
    text = to.read_text(encoding="utf-8")
    assert json.loads(text) == found
    assert text.endswith("}\n")
    assert text.startswith(f'{{\n  "{CHAPTER}": {{\n    "chapter"')
    assert [path.name for path in to.parent.iterdir()] == ["quick.json"]


def test_gather_takes_a_chapter_that_is_not_yet_expected(executed, tmp_path):
    folder = executed("03_new", record("03_new"))
    assert list(results.gather(folder, tmp_path / "new" / "folder" / "q.json")) == ["03_new"]


def test_gather_keeps_only_when_told_by_name(executed, tmp_path):
    with pytest.raises(TypeError, match="positional"):
        results.gather(executed(CHAPTER, record()), tmp_path / "q.json", True)


def test_gather_replaces_or_keeps_other_chapters(executed, tmp_path):
    to = tmp_path / "quick.json"
    old = {"00_old": record("00_old"), CHAPTER: record(value=0.1)}
    to.write_text(json.dumps(old), encoding="utf-8")
    folder = executed(CHAPTER, record())
    kept = results.gather(folder, to, keep=True)
    assert kept == json.loads(to.read_text(encoding="utf-8"))
    assert list(kept) == ["00_old", CHAPTER]
    assert kept[CHAPTER]["metrics"]["accuracy"]["value"] == 0.96
    results.gather(folder, to)
    assert list(json.loads(to.read_text(encoding="utf-8"))) == [CHAPTER]


def test_gather_keeps_nothing_that_it_cannot_read(executed, tmp_path):
    to = tmp_path / "quick.json"
    to.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"quick\.json holds no records .*; remove it"):
        results.gather(executed(CHAPTER, record()), to, keep=True)
    assert to.read_text(encoding="utf-8") == "{"


def test_gather_keeps_where_there_is_nothing_yet(executed, tmp_path):
    found = results.gather(executed(CHAPTER, record()), tmp_path / "new.json", keep=True)
    assert list(found) == [CHAPTER]


def test_gather_wants_a_folder(executed, tmp_path):
    with pytest.raises(NotADirectoryError, match="absent is no folder"):
        results.gather(tmp_path / "absent", tmp_path / "q.json")


def test_gather_wants_records(executed, tmp_path):
    with pytest.raises(ValueError, match=r"no notebook in .* holds a record; execute"):
        results.gather(executed("99_template"), tmp_path / "q.json")
    assert not (tmp_path / "q.json").exists()


@pytest.mark.parametrize("count", [0, 2])
def test_gather_wants_one_record_of_an_expected_chapter(executed, tmp_path, count):
    folder = executed(CHAPTER, *[record()] * count)
    with pytest.raises(ValueError, match=rf"ptron.ipynb must hold one record, it holds {count}"):
        results.gather(folder, tmp_path / "q.json")


@pytest.mark.parametrize("chapter", ["00_other", "02_other"])
def test_gather_wants_the_chapter_of_the_file(executed, tmp_path, chapter):
    folder = executed(CHAPTER, record(chapter))
    with pytest.raises(ValueError, match=f"names another chapter: {chapter}"):
        results.gather(folder, tmp_path / "q.json")


def test_gather_refuses_mixed_profiles(executed, tmp_path):
    executed("02_convolutional_network", record("02_convolutional_network", "full"))
    folder = executed(CHAPTER, record())
    with pytest.raises(ValueError, match="profiles full and quick do not go into one file"):
        results.gather(folder, tmp_path / "q.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", "\udcff"])
def test_gather_names_what_is_no_notebook(executed, tmp_path, text):
    folder = executed(CHAPTER, record())
    (folder / "bad.ipynb").write_bytes(text.encode("utf-8", errors="surrogateescape"))
    with pytest.raises(ValueError, match=r"bad.ipynb is no notebook"):
        results.gather(folder, tmp_path / "q.json")


def test_a_full_disk_leaves_the_old_file_and_no_draft(executed, tmp_path, monkeypatch):
    folder = executed(CHAPTER, record())
    to = tmp_path / "out" / "quick.json"
    to.parent.mkdir()
    to.write_text("old", encoding="utf-8")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=r"cannot write .*quick\.json \(No space left") as caught:
        results.gather(folder, to)
    assert caught.value.errno == 28
    assert to.read_text(encoding="utf-8") == "old"
    assert [path.name for path in to.parent.iterdir()] == ["quick.json"]


def test_command_line_gathers(executed, tmp_path, capsys):
    folder = executed(CHAPTER, record())
    to = tmp_path / "quick.json"
    assert results.main(["gather", str(folder), "--to", str(to)]) == 0
    assert capsys.readouterr().out == f"{to}: {CHAPTER}\n"
    to.write_text(json.dumps({"00_old": record("00_old")}), encoding="utf-8")
    assert results.main(["gather", str(folder), "--to", str(to), "--keep"]) == 0
    assert capsys.readouterr().out == f"{to}: 00_old, {CHAPTER}\n"


def test_command_line_errors_are_one_line(executed, tmp_path, capsys):
    assert results.main(["gather", str(tmp_path / "absent"), "--to", "q.json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["gather"], ["gather", "x"]])
def test_command_line_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        results.main(arguments)
    assert caught.value.code == 2
    assert "python -m nnbook_utils.results" in capsys.readouterr().err


def test_command_line_as_a_module(executed, tmp_path):
    folder = executed(CHAPTER, record())
    to = tmp_path / "quick.json"
    command = [sys.executable, "-W", "error", "-m", "nnbook_utils.results", "gather", folder]
    subprocess.run([*command, "--to", to], check=True, capture_output=True)
    assert list(json.loads(to.read_text(encoding="utf-8"))) == [CHAPTER]
    failed = subprocess.run([*command[:-1], tmp_path / "absent", "--to", to], capture_output=True)
    assert failed.returncode == 1


def test_gather_where_no_folder_can_be_made(executed, tmp_path):
    folder = executed(CHAPTER, record())
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match=r"cannot write .*quick\.json"):
        results.gather(folder, tmp_path / "file" / "quick.json")
