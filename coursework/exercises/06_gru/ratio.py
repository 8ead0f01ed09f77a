# %% [exercise] id="ratio" title="Predict: the ratio of two models" points=2 function="model_ratio_of"


# %% [solution]
def model_ratio_of(n_words, n_embedding, n_units):
    rest = n_words * n_embedding + n_units + 1
    gru = 3 * n_units * (n_embedding + n_units + 2)
    lstm = 4 * n_units * (n_embedding + n_units + 1)
    return (gru + rest) / (lstm + rest)


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [tuple(int(n) for n in rng.integers(2, 400, size=3)) for _ in range(4)]


# %% [wrong] name="layer-only" expect="the whole model"
def model_ratio_of(n_words, n_embedding, n_units):
    gru = 3 * n_units * (n_embedding + n_units + 2)
    return gru / (4 * n_units * (n_embedding + n_units + 1))


# %% [wrong] name="one-bias" expect="a second bias"
def model_ratio_of(n_words, n_embedding, n_units):
    rest = n_words * n_embedding + n_units + 1
    gru = 3 * n_units * (n_embedding + n_units + 1)
    lstm = 4 * n_units * (n_embedding + n_units + 1)
    return (gru + rest) / (lstm + rest)


# %% [wrong] name="upside-down" expect="GRU over LSTM"
def model_ratio_of(n_words, n_embedding, n_units):
    rest = n_words * n_embedding + n_units + 1
    gru = 3 * n_units * (n_embedding + n_units + 2)
    lstm = 4 * n_units * (n_embedding + n_units + 1)
    return (lstm + rest) / (gru + rest)
