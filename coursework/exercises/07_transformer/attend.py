import numpy as np

# %% [exercise] id="attend" title="Attention with a mask" points=3 function="look_up"


# %% [solution]
def look_up(queries, keys, values, mask):
    scores = np.where(mask, queries @ keys.T / np.sqrt(keys.shape[1]), -np.inf)
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised @ values / raised.sum(axis=1, keepdims=True)


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    found = []
    for scale in (1.0, 1.0, 3.0, 1e3):
        n, m, d, d_v = rng.integers(2, 7, size=4)
        mask = rng.random((n, m)) < 0.6
        mask[:, 0] = True
        queries, keys = scale * rng.normal(size=(n, d)), rng.normal(size=(m, d))
        found.append((queries, keys, rng.normal(size=(m, d_v)), mask))
    return found


# %% [wrong] name="no-root" expect="the root of d"
def look_up(queries, keys, values, mask):
    raised = np.exp(np.where(mask, queries @ keys.T, -np.inf))
    return raised @ values / raised.sum(axis=1, keepdims=True)


# %% [wrong] name="no-mask" expect="the mask is not used"
def look_up(queries, keys, values, mask):
    raised = np.exp(queries @ keys.T / np.sqrt(keys.shape[1]))
    return raised @ values / raised.sum(axis=1, keepdims=True)


# %% [wrong] name="mask-too-late" expect="mask before the softmax"
def look_up(queries, keys, values, mask):
    raised = np.exp(queries @ keys.T / np.sqrt(keys.shape[1]))
    weights = raised / raised.sum(axis=1, keepdims=True)
    return np.where(mask, weights, 0) @ values


# %% [wrong] name="overflow" expect="subtract the largest"
def look_up(queries, keys, values, mask):
    with np.errstate(all="ignore"):
        raised = np.exp(queries @ keys.T / np.sqrt(keys.shape[1])) * mask
        return raised @ values / raised.sum(axis=1, keepdims=True)
