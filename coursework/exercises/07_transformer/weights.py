# %% [exercise] id="weights" title="Predict: how many weights?" points=2 function="count_block"


# %% [solution]
def count_block(d):
    one_attention = 4 * (d * d + d)
    feed_forward = 4 * d * d + 4 * d + 4 * d * d + d
    return 2 * one_attention + feed_forward + 3 * 2 * d


# %% [hidden]
def cases(rng):
    return [(int(d),) for d in rng.integers(2, 1000, size=4)]


# %% [wrong] name="encoder-block" expect="two attentions"
def count_block(d):
    return 4 * d * (d + 1) + 8 * d * d + 5 * d + 2 * 2 * d


# %% [wrong] name="no-output-matrix" expect="four matrices"
def count_block(d):
    return 2 * 3 * d * (d + 1) + 8 * d * d + 5 * d + 3 * 2 * d


# %% [wrong] name="no-biases" expect="the biases are missing"
def count_block(d):
    return 16 * d * d + 3 * 2 * d


# %% [wrong] name="no-norms" expect="a scale and an offset"
def count_block(d):
    return 2 * 4 * d * (d + 1) + 8 * d * d + 5 * d
