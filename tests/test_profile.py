import builtins
import gc
import importlib
import json
import os
import subprocess
import sys
import types

import pytest

import nnbook_utils
from nnbook_utils import profile


@pytest.fixture
def begun(monkeypatch):
    """A run that began at second 100 of a clock that stands at 190."""
    monkeypatch.setattr(profile, "_run", profile.Run("01_multilayer_perceptron", 7, 100.0))
    monkeypatch.setattr(profile.time, "perf_counter", lambda: 190.0)


@pytest.fixture
def fake_gpus(monkeypatch):
    """A function that puts GPUs of these names in sight."""

    def put(*names):
        details = {
            number: {"device_name": name} if name else {} for number, name in enumerate(names)
        }
        config = types.SimpleNamespace(
            list_physical_devices=lambda kind: list(details) if kind == "GPU" else ["cpu"],
            experimental=types.SimpleNamespace(get_device_details=details.__getitem__),
        )
        monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(config=config))

    return put


def test_importing_the_light_helpers_imports_nothing_heavy():
    code = (
        "import sys, json, nnbook_utils\n"
        "from nnbook_utils import cells, exercises, profile, results\n"
        "profile.name(), profile.device(), profile.versions()\n"
        "heavy = ('tensorflow', 'keras', 'matplotlib', 'pandas', 'IPython')\n"
        "print(json.dumps([name for name in heavy if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_package_exports_what_chapters_import():
    assert set(nnbook_utils.__all__) == {"begin", "pick", "exercise", "__version__"}
    assert nnbook_utils.pick is profile.pick
    assert nnbook_utils.__version__[:1].isdigit()


def test_version_of_a_checkout_that_is_not_installed(monkeypatch):
    def version(name):
        raise profile.metadata.PackageNotFoundError(name)

    with monkeypatch.context() as patch:
        patch.setattr(profile.metadata, "version", version)
        assert importlib.reload(nnbook_utils).__version__ == "0+unknown"
    importlib.reload(nnbook_utils)


@pytest.mark.parametrize(
    ("setting", "expected"), [(None, "quick"), ("", "quick"), ("full", "full")]
)
def test_name_reads_the_environment(monkeypatch, setting, expected):
    if setting is not None:
        monkeypatch.setenv("NNBOOK_PROFILE", setting)
    assert profile.name() == expected
    assert profile.pick(quick="quick", full="full") == expected


def test_unknown_profile_suggests_the_nearest(monkeypatch):
    monkeypatch.setenv("NNBOOK_PROFILE", "Quik")
    with pytest.raises(ValueError, match=r"got 'Quik'; did you mean 'quick'\?"):
        profile.pick(quick=1, full=2)


def test_unknown_profile_far_from_both_lists_them(monkeypatch):
    monkeypatch.setenv("NNBOOK_PROFILE", "xyz")
    with pytest.raises(ValueError, match="known: 'full', 'quick'"):
        profile.name()


def test_begin_keeps_all_bits_of_matrix_products():
    import tensorflow as tf

    tf.config.experimental.enable_tensor_float_32_execution(True)
    profile.begin("01", seed=0)
    assert not tf.config.experimental.tensor_float_32_execution_enabled()


def test_only_the_first_begin_freezes_what_is_there(monkeypatch):
    import keras

    monkeypatch.setattr(profile, "_run", None)
    gc.unfreeze()
    try:
        profile.begin("01", seed=0)
        n_frozen = gc.get_freeze_count()
        assert n_frozen > len(vars(keras)), "no object of the libraries is frozen"
        made_since = [[number] for number in range(1000)]
        profile.begin("01", seed=0)
        assert gc.get_freeze_count() <= n_frozen, f"{len(made_since)} objects of the run are frozen"
    finally:
        gc.unfreeze()


def test_minutes_since_begin(begun):
    assert profile.minutes() == pytest.approx(1.5)


def test_minutes_before_begin_says_what_to_run(monkeypatch):
    monkeypatch.setattr(profile, "_run", None)
    with pytest.raises(RuntimeError, match="run the chapter's settings cell"):
        profile.minutes()


@pytest.mark.parametrize(("cores", "expected"), [({0}, "CPU, 1 core"), ({0, 5}, "CPU, 2 cores")])
def test_device_counts_the_cores_it_may_use(monkeypatch, cores, expected):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: cores, raising=False)
    assert profile.device() == expected


@pytest.mark.parametrize(("count", "expected"), [(8, "CPU, 8 cores"), (None, "CPU, 1 core")])
def test_device_where_affinity_is_unknown(monkeypatch, count, expected):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert profile.device() == expected


def test_device_says_that_it_is_shared(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1}, raising=False)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setenv("NNBOOK_SHARED", "1")
    assert profile.device() == "CPU, 2 cores, shared with another chapter"


def test_device_names_gpus(fake_gpus):
    fake_gpus("NVIDIA T4")
    assert profile.device() == "GPU NVIDIA T4"
    fake_gpus("NVIDIA H100", "NVIDIA H100")
    assert profile.device() == "GPU 2 x NVIDIA H100"
    fake_gpus(None)
    assert profile.device() == "GPU of unknown make"


def test_peak_memory_sees_an_allocation():
    before = profile.peak_memory_gib()
    block = bytearray(300 * 2**20)
    block[:: 2**12] = b"x" * len(block[:: 2**12])
    assert 0.2 < profile.peak_memory_gib() - before < 0.4 or before > 0.3
    assert 0.3 < profile.peak_memory_gib() < 100


@pytest.mark.parametrize(("platform", "expected"), [("darwin", 2.0), ("freebsd14", 2048.0)])
def test_peak_memory_units_of_getrusage(monkeypatch, platform, expected):
    usage = types.SimpleNamespace(ru_maxrss=2 * 2**30)
    fake = types.SimpleNamespace(RUSAGE_SELF=0, getrusage=lambda who: usage)
    monkeypatch.setitem(sys.modules, "resource", fake)
    monkeypatch.setattr(sys, "platform", platform)
    assert profile.peak_memory_gib() == expected


def test_peak_memory_on_linux_without_the_proc_entry(monkeypatch):
    monkeypatch.setattr(profile.Path, "read_text", lambda self, encoding: "Name:\tpython\n")
    monkeypatch.setattr(sys, "platform", "linux")
    assert 0 < profile.peak_memory_gib() < 100


def test_peak_memory_on_windows(monkeypatch):
    info = types.SimpleNamespace(peak_wset=3 * 2**29)
    process = types.SimpleNamespace(memory_info=lambda: info)
    monkeypatch.setitem(sys.modules, "psutil", types.SimpleNamespace(Process=lambda: process))
    monkeypatch.setattr(sys, "platform", "win32")
    assert profile.peak_memory_gib() == 1.5


def test_peak_memory_on_windows_without_psutil(monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(RuntimeError, match="pip install psutil"):
        profile.peak_memory_gib()


def test_versions_names_each_package():
    found = profile.versions()
    assert list(found) == ["Python", "TensorFlow", "Keras", "NumPy", "nnbook-utils"]
    assert found["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["NumPy"] == __import__("numpy").__version__


def test_versions_takes_the_first_distribution_installed(monkeypatch):
    installed = {"tensorflow-cpu": "2.20.0", "keras": "3.13"}

    def version(name):
        if name not in installed:
            raise profile.metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(profile.metadata, "version", version)
    found = profile.versions()
    assert (found["TensorFlow"], found["Keras"]) == ("2.20.0", "3.13")
    assert found["NumPy"] == "not installed"


@pytest.mark.parametrize("seed", ["0", 1.0, None, True])
def test_begin_wants_a_whole_seed(seed):
    with pytest.raises(TypeError, match="seed must be a whole number"):
        profile.begin("01", seed=seed)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_begin_wants_a_seed_in_range(seed):
    with pytest.raises(ValueError, match="between 0 and 4294967295"):
        profile.begin("01", seed=seed)


def test_summary_has_one_line_per_fact(monkeypatch, tmp_path, begun):
    expected = tmp_path / "expected.yml"
    expected.write_text(
        "01_multilayer_perceptron:\n  title: MLP\n  quick:\n    minutes: 3\n"
        "    metrics: {a: {label: A, min: 0}}\n  full:\n    minutes: 1\n"
        "    metrics: {a: {label: A, min: 0}}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("NNBOOK_EXPECTED", str(expected))
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    run = profile.current_run()
    lines = profile._summary(run, "quick").splitlines()
    assert lines[0] == "Chapter   01_multilayer_perceptron"
    assert lines[1] == "Profile   quick, about 3 minutes on two idle cores"
    assert lines[2].startswith("Device    CPU")
    assert lines[3].startswith("Versions  Python ")
    assert "nnbook" not in lines[3]
    assert lines[4:] == ["Seed      7"]
    assert "full, about 1 minute on" in profile._summary(run, "full")


def test_summary_without_a_budget(monkeypatch, tmp_path, begun):
    monkeypatch.setenv("NNBOOK_EXPECTED", str(tmp_path / "missing.yml"))
    assert "Profile   quick\n" in profile._summary(profile.current_run(), "quick")


def test_summary_says_how_to_use_a_gpu(fake_gpus, begun):
    fake_gpus("NVIDIA T4")
    run = profile.current_run()
    assert "%env NNBOOK_PROFILE=full" in profile._summary(run, "quick").splitlines()[-1]
    assert "%env" not in profile._summary(run, "full")


def test_begin_fails_before_the_slow_import(monkeypatch):
    real_import = builtins.__import__

    def without_keras(name, *arguments, **options):
        assert name != "keras", "begin imported keras before it checked its arguments"
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_keras)
    monkeypatch.setenv("NNBOOK_PROFILE", "ful")
    with pytest.raises(ValueError, match="did you mean 'full'"):
        profile.begin("01", seed=0)
