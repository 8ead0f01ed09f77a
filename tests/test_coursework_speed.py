"""The command that says how many submissions a minute the grader takes."""

import shutil

import pytest

from coursework import speed

pytestmark = pytest.mark.skipif(not shutil.which("bwrap"), reason="grading needs bubblewrap")


def test_speed_names_grader_submissions_and_rates(capsys):
    assert speed.main(["3", "-n", "2", "--workers", "1"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["chapter", "grader", "submissions"]
    chapter, grader, workers, n, *rates = row.split()
    assert (chapter, grader, workers, n) == ("03_autoencoder", "coursework", "(1)", "2")
    assert len(rates) == 2
    assert all(float(rate) > 0 for rate in rates)


def test_an_unknown_chapter_is_named():
    with pytest.raises(ValueError, match="77"):
        speed.main(["77"])
