"""What every test starts from: no NNBOOK settings, no window, no leftovers."""

import os

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

from nnbook_utils import exercises

SETTINGS = ("NNBOOK_PROFILE", "NNBOOK_STRICT", "NNBOOK_EXPECTED", "NNBOOK_SHARED")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for setting in SETTINGS:
        monkeypatch.delenv(setting, raising=False)


@pytest.fixture(autouse=True)
def _no_statuses():
    exercises.clear()
    yield
    exercises.clear()
