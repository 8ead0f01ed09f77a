"""README's table and the scoreboard say what the records say."""

import json

import pytest
from nnbook_site import pages, readme, records

EXPECTED = """
01_first:
  title: First
  quick:
    metrics:
      accuracy: {label: Test accuracy, min: 0.9, headline: true, baseline: majority}
      majority: {label: Most frequent class, max: 0.7}
"""
RECORD = {
    "metrics": {"accuracy": {"value": 0.95123}, "majority": {"value": 0.6}},
    "minutes": 1.26,
    "device": "CPU, 2 cores",
    "date": "2026-01-02",
}


@pytest.fixture
def root(tmp_path):
    for folder, name, text in (
        ("nnbook_utils", "expected.yml", EXPECTED),
        ("results", "quick.json", json.dumps({"01_first": RECORD})),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    return tmp_path


def test_table_holds_the_headline_metric_beside_its_baseline(root):
    row = readme.chapter_table(root).splitlines()[-1]
    assert row == (
        "| [First](chapters/01_first.ipynb) | Test accuracy | 0.951 | 0.600 | at least 0.9 | 1.3 |"
    )


def test_costs_of_the_network_stand_beside_its_result(root):
    row = records.headline_rows(root, "quick")[0]
    assert (row.parameters, row.seconds) == (None, None)
    path = root / "results" / "quick.json"
    record = {**RECORD, "models": {"accuracy": {"parameters": 4970, "seconds": 1.5}}}
    path.write_text(json.dumps({"01_first": record}))
    row = records.headline_rows(root, "quick")[0]
    assert (row.parameters, row.seconds) == (4970, 1.5)


def test_update_rewrites_the_table_and_nothing_else(root):
    path = root / "README.md"
    path.write_text(f"before\n{readme.BEGIN}\nold\n{readme.END}\nafter\n")
    assert readme.update(root)
    text = path.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "0.951" in text
    assert not readme.update(root)


@pytest.mark.parametrize("text", ["", readme.BEGIN, readme.END + readme.BEGIN])
def test_readme_without_markers_is_an_error(text):
    with pytest.raises(ValueError, match="markers"):
        readme.with_table(text, "")


def test_missing_metrics_are_named(root):
    assert records.missing_metrics(root, "quick") == []
    (root / "results" / "quick.json").unlink()
    assert records.missing_metrics(root, "quick") == ["01_first.accuracy", "01_first.majority"]
    assert readme.chapter_table(root) == "No chapter has been recorded yet."


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0.9, None, "at least 0.9"), (None, 2, "at most 2"), (0.5, 1.0, "0.5 to 1")],
)
def test_bounds_in_words(low, high, text):
    assert records.bound_text(low, high) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.95123, "0.951"), (49.26, "49.3"), (1234.0, "1,234"), (None, "–")]
)
def test_numbers_have_three_digits(value, text):
    assert records.number(value) == text


def test_bars_do_not_break_a_table():
    assert records.markdown_table(["a"], [["x|y"]]).endswith("| x\\|y |")


def test_pages_without_a_record_are_stamped_with_the_build(tmp_path):
    text = pages.stamp(tmp_path, "index")
    assert text.startswith("Made with Python 3.")
    assert "profile quick" in text
