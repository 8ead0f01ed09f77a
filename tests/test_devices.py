"""Two logical CPUs stand in for two GPUs: the same loss as on one, and what does not work is out.

A process can split its CPU only before TensorFlow has used it, so these runs have their own.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from nnbook_utils import devices

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "appendix" / "devices.md"
TWO = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
"""
RUN = """
import json, sys
import numpy as np
import keras
from nnbook_utils.devices import compile_options, strategy

rng = np.random.default_rng(0)
examples = rng.normal(size=(200, 8)).astype("float32")
labels = (examples.sum(axis=1) > 0).astype("float32")

def losses(plan, between):
    keras.utils.set_random_seed(0)
    with plan.scope():
        model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="relu"),
                                  between(), keras.layers.Dense(1)])
        model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True),
                      **compile_options(plan, jit_compile=True, steps_per_execution=2))
    fit = model.fit(examples, labels, batch_size=64, epochs=4, verbose=0)
    return plan.num_replicas_in_sync, fit.history["loss"]

plans = strategy(), strategy(["CPU:0", "/device:cpu:1"])
kinds = {"layer": keras.layers.LayerNormalization, "batch": keras.layers.BatchNormalization}
found = {kind: [losses(plan, made) for plan in plans] for kind, made in kinds.items()}
json.dump(found, sys.stdout)
"""


def output(source):
    """Return what a program prints in a process whose CPU counts as two devices."""
    done = subprocess.run(
        [sys.executable, "-c", TWO + source], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def runs():
    return json.loads(output(RUN))


def test_two_devices_lose_what_one_loses(runs):
    (one, alone), (two, together) = runs["layer"]
    assert (one, two) == (1, 2)
    assert together == pytest.approx(alone, abs=1e-5)
    assert alone[-1] < alone[0] - 0.05  # it learned


def test_batch_statistics_are_those_of_each_device(runs):
    (_, alone), (_, together) = runs["batch"]
    assert together[-1] < together[0] - 0.05
    assert abs(together[-1] - alone[-1]) > 1e-3  # the page says so


def test_the_page_runs_on_two_devices_as_on_one(capsys):
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(source, {})  # the page's own lines
    two = output(source.replace("strategy()", 'strategy(["CPU:0", "CPU:1"])'))
    for printed, devices_line in ((capsys.readouterr().out, "1 devices"), (two, "2 devices")):
        first_line, losses = printed.splitlines()
        assert first_line == devices_line
        first, *_, last = json.loads(losses)
        assert last < first


def test_without_several_gpus_nothing_changes():
    plan = devices.strategy()
    assert plan is tf.distribute.get_strategy()
    wanted = {"loss": "mse", "jit_compile": True, "steps_per_execution": 5}
    assert devices.compile_options(plan, **wanted) == wanted


def test_several_gpus_are_all_used(monkeypatch):
    seen = [tf.config.LogicalDevice(f"/device:{name}", name[:3]) for name in ("CPU:0", "GPU:0")]
    more = [*seen, tf.config.LogicalDevice("/device:GPU:1", "GPU")]
    made = []
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", made.append)
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda: seen)
    assert devices.strategy() is tf.distribute.get_strategy()
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda: more)
    devices.strategy()
    assert made == [["GPU:0", "GPU:1"]]


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ("GPU:0", TypeError, r"write \['GPU:0'\]"),
        (["GPU:7", "CPU:0"], ValueError, "no device 'GPU:7' here; TensorFlow sees CPU:0"),
        (["CPU:0"], ValueError, "two or more different devices"),
        (["CPU:0", "cpu:0"], ValueError, "two or more different devices"),
        ([], ValueError, "two or more different devices"),
    ],
)
def test_devices_that_cannot_be_are_named(names, error, message):
    with pytest.raises(error, match=message):
        devices.strategy(names)
