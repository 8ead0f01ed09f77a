"""The one module of the helpers' tests that needs Keras."""

import random
import time

import keras
import matplotlib as mpl
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from tensorflow.python.eager import context

from nnbook_utils import begin, profile, training
from nnbook_utils._tensorflow import end_iterators_at_once


def functional(shape, *chain):
    inputs = outputs = keras.Input(shape)
    for layer in chain:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def reference_listing():
    return functional(
        (32, 32, 3),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    )


def test_reference_listing_counted_by_hand():
    table = training.layer_table(reference_listing())
    assert list(table.columns) == ["layer", "type", "output shape", "parameters", "multiply-adds"]
    assert list(table["type"]) == [
        "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense", "Dense",
    ]  # fmt: skip
    assert list(table["parameters"]) == [896, 0, 18496, 0, 36928, 0, 65600, 650]
    assert list(table["multiply-adds"]) == [
        30 * 30 * 32 * 3 * 3 * 3,
        0,
        13 * 13 * 64 * 3 * 3 * 32,
        0,
        4 * 4 * 64 * 3 * 3 * 64,
        0,
        1024 * 64,
        64 * 10,
    ]
    assert table["output shape"][0] == (30, 30, 32)
    assert table["parameters"].sum() == 122_570
    assert training.multiply_adds(reference_listing()) == 4_548_608


@pytest.mark.parametrize(
    ("shape", "layer", "expected"),
    [
        ((30,), layers.Dense(16), 30 * 16),
        ((7, 30), layers.Dense(16), 7 * 30 * 16),
        ((10, 4), layers.Conv1D(5, 3, padding="same", strides=2), 5 * 3 * 4 * 5),
        ((10, 4), layers.Conv1D(5, 3, dilation_rate=2), 6 * 3 * 4 * 5),
        ((9, 9, 4), layers.Conv2D(8, (3, 2), strides=2), 4 * 4 * 3 * 2 * 4 * 8),
        ((8, 8, 4), layers.Conv2D(8, 3, groups=2, padding="same"), 64 * 9 * 2 * 8),
        ((8, 8, 4), layers.DepthwiseConv2D(3, padding="same"), 64 * 9 * 4),
        ((8, 8, 4), layers.SeparableConv2D(6, 3, padding="same"), 64 * (9 * 4 + 4 * 6)),
        ((7, 7, 4), layers.Conv2DTranspose(8, 3, strides=2, padding="same"), 49 * 9 * 4 * 8),
        ((10, 4), layers.SimpleRNN(6), 10 * 6 * (4 + 6)),
        ((10, 4), layers.LSTM(6, return_sequences=True), 10 * 4 * 6 * (4 + 6)),
        ((10, 4), layers.GRU(6), 10 * 3 * 6 * (4 + 6)),
        ((10, 4), layers.Bidirectional(layers.LSTM(6)), 2 * 10 * 4 * 6 * (4 + 6)),
        ((10, 4), layers.TimeDistributed(layers.Dense(3)), 10 * 4 * 3),
        ((10,), layers.Embedding(100, 8), 0),
        ((8, 8, 4), layers.BatchNormalization(), 8 * 8 * 4),
        ((4,), layers.Dropout(0.5), 0),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_multiply_adds_by_hand(shape, layer, expected):
    assert training.multiply_adds(functional(shape, layer)) == expected
    assert training.multiply_adds(layer) == expected


def test_multiply_adds_of_channels_first_are_the_same():
    inputs = keras.Input((4, 8, 9))
    first = layers.Conv2D(5, 3, data_format="channels_first")
    assert training.multiply_adds(keras.Model(inputs, first(inputs))) == 6 * 7 * 9 * 4 * 5


def test_multi_head_attention_by_hand():
    query, value = keras.Input((5, 12)), keras.Input((7, 10))
    outputs = layers.MultiHeadAttention(num_heads=2, key_dim=3, value_dim=4)(query, value)
    projections = 5 * 12 * 6 + 7 * 10 * 6 + 7 * 10 * 8
    mixing = 5 * 7 * 6 + 5 * 7 * 8
    expected = projections + mixing + 5 * 8 * 12
    assert training.multiply_adds(keras.Model([query, value], outputs)) == expected


def test_self_attention_by_hand():
    tokens = keras.Input((5, 12))
    outputs = layers.MultiHeadAttention(num_heads=2, key_dim=6)(tokens, tokens)
    assert training.multiply_adds(keras.Model(tokens, outputs)) == 4 * 5 * 12 * 12 + 2 * 5 * 5 * 12


def test_a_shared_layer_counts_each_use_but_its_parameters_once():
    shared = layers.Dense(4, name="shared")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Add()([shared(inputs), shared(shared(inputs))]))
    shared(keras.Input((4,)))
    assert training.multiply_adds(model) == 3 * 16
    table = training.layer_table(model).set_index("layer")
    assert table.loc["shared", "multiply-adds"] == 48
    assert table.loc["shared", "parameters"] == 20


def test_a_part_of_a_model_counts_its_own_layers_only():
    whole = functional((4,), layers.Dense(3), layers.Dense(5, name="middle"), layers.Dense(2))
    part = keras.Model(whole.inputs, whole.get_layer("middle").output)
    tail = keras.Model(whole.get_layer("middle").output, whole.outputs)
    assert training.multiply_adds(part) == 12 + 15
    assert training.multiply_adds(tail) == 10


def test_sequential_and_nested_models():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ReLU()], name="inner")
    outer = functional((4,), inner, layers.Dense(2))
    assert training.multiply_adds(inner) == 12
    assert training.multiply_adds(outer) == 12 + 6
    table = training.layer_table(outer)
    assert list(table["type"]) == ["Sequential", "Dense"]
    assert list(table["parameters"]) == [15, 8]


def test_operators_between_layers_are_free():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Dense(4)(inputs) + inputs)
    assert training.multiply_adds(model) == 16
    assert list(training.layer_table(model)["type"]) == ["Dense"]


def test_a_layer_called_on_data_alone_is_counted():
    layer = layers.Dense(3)
    layer(np.zeros((2, 4), "float32"))
    assert training.multiply_adds(layer) == 12


def test_unbuilt_layers_and_models_are_named():
    with pytest.raises(ValueError, match="layer 'fresh' has not seen one input"):
        training.multiply_adds(layers.Dense(3, name="fresh"))
    with pytest.raises(ValueError, match=r"start a Sequential model with keras\.Input"):
        training.multiply_adds(keras.Sequential([layers.Dense(3)]))
    with pytest.raises(ValueError, match="shows no inputs and outputs"):
        training.layer_table(keras.Sequential([layers.Dense(3)]))


def test_variable_lengths_are_named():
    model = functional((None, 4), layers.LSTM(3, name="memory"))
    with pytest.raises(ValueError, match=r"layer 'memory' has an axis without a fixed size"):
        training.multiply_adds(model)


def test_what_is_no_model_is_named():
    with pytest.raises(TypeError, match="expected a Keras model or layer, got list"):
        training.multiply_adds([1])
    with pytest.raises(TypeError, match="expected a Keras model, got Dense"):
        training.layer_table(layers.Dense(3))


def test_layers_without_a_rule_are_refused():
    with pytest.raises(TypeError, match="no rule counts the multiply-adds of PReLU"):
        training.multiply_adds(functional((4,), layers.PReLU()))
    one = keras.Input((3, 4))
    with pytest.raises(TypeError, match="no rule counts the multiply-adds of Matmul"):
        training.multiply_adds(
            keras.Model(one, keras.ops.matmul(one, keras.ops.transpose(one, (0, 2, 1))))
        )


def fit(*callbacks, epochs=3, **options):
    model = functional((4,), layers.Dense(2))
    model.compile("sgd", "mse", metrics=["mae"])
    x = np.zeros((40, 4), "float32")
    return model.fit(x, x[:, :2], epochs=epochs, verbose=0, callbacks=list(callbacks), **options)


def test_progress_is_one_bar_on_stderr(capsys):
    fit(training.progress(), batch_size=10, validation_split=0.5)
    out, err = capsys.readouterr()
    assert out == ""
    last = err.rstrip().split("\r")[-1]
    assert "epoch 3/3: 100%" in last
    assert "6/6" in last
    assert all(name in last for name in ("loss=0", "mae=0", "val_loss=0", "val_mae=0"))
    assert err.count("\n") == 1


def test_progress_counts_steps_of_several(capsys):
    model = functional((4,), layers.Dense(2))
    model.compile("sgd", "mse", steps_per_execution=3)
    x = np.zeros((50, 4), "float32")
    model.fit(x, x[:, :2], batch_size=10, epochs=2, verbose=0, callbacks=[training.progress()])
    assert "10/10" in capsys.readouterr().err


def test_progress_can_be_used_again(capsys):
    bar = training.progress()
    fit(bar)
    fit(bar)
    assert capsys.readouterr().err.count("\n") == 2


@pytest.mark.filterwarnings("ignore:.*shuffle=True:UserWarning")
@pytest.mark.filterwarnings("ignore:.*ran out of data:UserWarning")
def test_progress_where_the_number_of_steps_is_unknown(capsys):
    def batches():
        for _ in range(5):
            yield np.zeros((2, 4), "float32"), np.zeros((2, 2), "float32")

    model = functional((4,), layers.Dense(2))
    model.compile("sgd", "mse")
    model.fit(batches(), epochs=1, verbose=0, callbacks=[training.progress()])
    assert "5step" in capsys.readouterr().err


def test_progress_stops_early(capsys):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    fit(training.progress(), Stop(), epochs=9)
    assert "epoch 2/9" in capsys.readouterr().err.rstrip().split("\r")[-1]


def test_epoch_times_grow_and_begin_anew():
    times = training.EpochTimes()
    fit(times)
    assert len(times.seconds) == 3
    assert 0 < times.seconds[0] < times.seconds[1] < times.seconds[2] < 60
    fit(times, epochs=1)
    assert len(times.seconds) == 1


def test_timed_inside_and_after():
    with training.timed() as watch:
        time.sleep(0.02)
        inside = watch.seconds
    after = watch.seconds
    assert 0.02 <= inside <= after < 10
    time.sleep(0.01)
    assert watch.seconds == after


def test_timed_keeps_the_time_of_a_block_that_fails():
    watch = training.timed()
    with pytest.raises(KeyError), watch:
        raise KeyError
    assert watch.seconds > 0


def test_a_stopwatch_that_never_started_says_how():
    with pytest.raises(RuntimeError, match=r"use it as `with timed\(\) as watch:`"):
        _ = training.timed().seconds


def test_begin_seeds_everything_and_prints_the_report(capsys, monkeypatch):
    monkeypatch.setattr(profile, "_run", None)
    draws = []
    for _ in range(2):
        begin("01_multilayer_perceptron", seed=np.int64(5))
        legacy = np.random.rand()  # noqa: NPY002 - what chapters must not use is seeded all the same
        draws.append((random.random(), legacy, float(keras.random.normal(()))))
    assert draws[0] == draws[1]
    report = capsys.readouterr().out
    assert "Chapter   01_multilayer_perceptron\nProfile   quick" in report
    assert "Seed      5" in report
    assert f"Keras {keras.__version__}" in report
    assert 0 <= profile.minutes() < 1
    assert profile.current_run().seed == 5
    assert mpl.rcParams["figure.dpi"] == 110


def test_device_asks_tensorflow():
    assert profile.device().startswith(("CPU, ", "GPU "))


def compiled(optimizer="adam"):
    model = functional((4,), layers.Dense(3, activation="tanh"), layers.Dense(1))
    model.compile(optimizer, "mse")
    return model


def trained_weights(model):
    rng = np.random.default_rng(0)
    model.fit(rng.normal(size=(64, 4)), rng.normal(size=(64, 1)), batch_size=8, verbose=0)
    return model.get_weights()


def test_restarted_training_equals_that_of_a_new_model():
    keras.utils.set_random_seed(3)
    expected = trained_weights(compiled())
    model = compiled()
    trained_weights(model)
    training.restart(model, seed=3)
    assert all(map(np.array_equal, trained_weights(model), expected))


def test_restarts_do_not_depend_on_the_trainings_between_them():
    model = functional((4,), layers.Dense(8), layers.Dropout(0.5), layers.Dense(1))
    model.compile("adam", "mse")
    expected = {}
    for seed in (3, 4, 3, 4):
        training.restart(model, seed)
        draws = [random.random(), float(keras.random.uniform(()))]
        result = [*map(np.ravel, trained_weights(model)), draws]
        expected.setdefault(seed, result)
        assert all(map(np.array_equal, result, expected[seed]))
    assert not np.array_equal(expected[3][0], expected[4][0])


def test_restart_keeps_what_tensorflow_has_prepared(monkeypatch):
    cleared = []
    monkeypatch.setattr(
        context.pywrap_tfe, "TFE_ContextClearCaches", lambda handle: cleared.append(handle)
    )
    model = compiled()
    training.restart(model, seed=3)
    assert not cleared
    keras.utils.set_random_seed(4)
    assert cleared


@pytest.fixture
def tuned(monkeypatch):
    """Whether the tuner was on, for each iterator made after `end_iterators_at_once`."""
    iterate, tuned = tf.data.Dataset.__iter__, []

    def watched(dataset):
        tuned.append(dataset.options().autotune.enabled)
        return iterate(dataset)

    monkeypatch.setattr(tf.data.Dataset, "__iter__", watched)
    end_iterators_at_once()
    return tuned


def test_iterators_run_without_the_tuner_unless_asked_for(tuned):
    once = tf.data.Dataset.__iter__
    end_iterators_at_once()
    assert tf.data.Dataset.__iter__ is once
    numbers = tf.data.Dataset.range(5).batch(2)
    asked_for = tf.data.Options()
    asked_for.autotune.enabled = True
    for dataset in (numbers, numbers.with_options(asked_for)):
        assert [batch.numpy().tolist() for batch in dataset] == [[0, 1], [2, 3], [4]]
    assert tuned == [False, True]


def test_fit_iterates_over_arrays_without_the_tuner(tuned):
    trained_weights(compiled())
    assert set(tuned) == {False}


def test_restart_with_a_loss_of_ones_own():
    def own_loss(targets, outputs):
        return keras.ops.mean((targets - outputs) ** 2, axis=-1)

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("adam", own_loss)
    first = model.get_weights()[0]
    training.restart(model, seed=3)
    assert not np.array_equal(model.get_weights()[0], first)
    assert model.compiled
    assert np.isfinite(model.train_on_batch(np.ones((8, 4)), np.zeros((8, 3))))


class CountsTraces(keras.Model):
    """A model that counts how often its training step is traced."""

    n_traces = 0

    def train_step(self, data):
        self.n_traces += 1
        return super().train_step(data)


@pytest.mark.parametrize("helper", ["restart", "progress"])
def test_the_step_is_traced_once(helper):
    inputs = keras.Input((4,))
    model = CountsTraces(inputs, keras.layers.Dense(3)(inputs))
    model.compile("adam", "mse")
    if helper == "restart":
        training.restart(model, seed=0)
    callbacks = [training.progress()] if helper == "progress" else []
    model.fit(np.ones((8, 4)), np.zeros((8, 3)), verbose=0, callbacks=callbacks)
    assert model.n_traces == 1


def test_restart_with_another_seed_starts_elsewhere():
    model = compiled()
    training.restart(model, seed=3)
    weights = model.get_weights()
    training.restart(model, seed=4)
    assert not np.array_equal(model.get_weights()[0], weights[0])


def test_restart_forgets_the_steps_and_keeps_the_rate():
    model = compiled(keras.optimizers.Adam(0.02))
    trained_weights(model)
    assert int(model.optimizer.iterations) == 8
    training.restart(model, seed=3)
    assert int(model.optimizer.iterations) == 0
    assert float(model.optimizer.learning_rate) == pytest.approx(0.02)
    assert all(
        not np.any(variable.numpy())
        for variable in model.optimizer.variables
        if variable.name != "learning_rate"
    )


@pytest.mark.parametrize(
    ("model", "error", "advice"),
    [
        (functional((4,), layers.Dense(1)), ValueError, "compile"),
        (keras.Sequential([layers.Dense(1)]), ValueError, "Input"),
        (layers.Dense(1), TypeError, "must be a Keras model"),
    ],
    ids=["not compiled", "not built", "a layer"],
)
def test_restart_says_what_is_missing(model, error, advice):
    with pytest.raises(error, match=advice):
        training.restart(model, seed=0)


def tanh_cells(x, states, kernel, recurrent, bias):
    return (keras.ops.tanh(x @ kernel + states[0] @ recurrent + bias[:, None]),)


def lstm_cells(x, states, kernel, recurrent, bias):
    h, c = states
    i, f, g, o = keras.ops.split(x @ kernel + h @ recurrent + bias[:, None], 4, axis=-1)
    c = keras.ops.sigmoid(f) * c + keras.ops.sigmoid(i) * keras.ops.tanh(g)
    return keras.ops.sigmoid(o) * keras.ops.tanh(c), c


@pytest.mark.parametrize(
    ("step", "kind", "n_states"),
    [(tanh_cells, layers.SimpleRNN, 1), (lstm_cells, layers.LSTM, 2)],
    ids=["one state", "two states"],
)
def test_cells_side_by_side_are_those_of_keras(step, kind, n_states):
    keras.utils.set_random_seed(0)
    single = [kind(4, return_sequences=True) for _ in range(3)]
    inputs = np.random.default_rng(0).normal(size=(5, 6, 2)).astype("float32")
    alone = np.stack([layer(inputs).numpy() for layer in single], axis=2)
    cells = training.SideBySide(step, [layer.get_weights() for layer in single], n_states)
    beside = layers.RNN(cells, return_sequences=True)(inputs).numpy()
    assert (cells.n_cells, cells.n_units) == (3, 4)
    assert beside.reshape(alone.shape) == pytest.approx(alone, abs=1e-6)


def test_cells_side_by_side_learn_each_by_itself():
    keras.utils.set_random_seed(0)
    starts = []
    for _ in range(2):
        layer = layers.SimpleRNN(3)
        layer.build((None, None, 2))
        starts.append(layer.get_weights())
    inputs = np.random.default_rng(0).normal(size=(8, 5, 2)).astype("float32")
    trained = []
    for chosen in (starts, starts[1:]):
        cells = training.SideBySide(tanh_cells, chosen)
        model = keras.Sequential([keras.Input((5, 2)), layers.RNN(cells)])
        model.compile(keras.optimizers.SGD(0.1), loss=lambda _, states: keras.ops.sum(states**2))
        model.fit(inputs, np.zeros(8), batch_size=8, epochs=3, verbose=0)
        trained.append([variable.numpy()[-1] for variable in cells.stacked])
    for beside, alone, start in zip(*trained, starts[1], strict=True):
        assert beside == pytest.approx(alone, abs=1e-6)
        assert not np.allclose(alone, start)


@pytest.mark.parametrize(
    ("arguments", "error", "advice"),
    [
        (("tanh", [(np.ones((2, 3)), np.eye(3))]), TypeError, "must be a function, got str"),
        ((tanh_cells, []), ValueError, "at least one cell"),
        ((tanh_cells, [(np.eye(3),)]), ValueError, "recurrent kernel"),
        ((tanh_cells, [(np.eye(3), np.eye(3)), (np.eye(4), np.eye(4))]), ValueError, "equal"),
        ((tanh_cells, [(np.ones((2, 3)), np.eye(3))], 0), ValueError, "at least 1, got 0"),
    ],
    ids=["no function", "no start", "no recurrent kernel", "two shapes", "no state"],
)  # fmt: skip
def test_cells_side_by_side_say_what_is_wrong(arguments, error, advice):
    with pytest.raises(error, match=advice):
        training.SideBySide(*arguments)
