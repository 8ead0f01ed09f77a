# %% [exercise] id="dense-backward" title="Backward through one layer" points=3 function="dense_backward"

# %% [solution]
def dense_backward(entering, weights, delta):
    return entering.T @ delta, delta.sum(axis=0, keepdims=True), delta @ weights.T


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    arguments = []
    for _ in range(3):
        n_examples, n_in, n_out = rng.integers(2, 7, size=3)
        arguments.append(
            (
                rng.normal(size=(n_examples, n_in)),
                rng.normal(size=(n_in, n_out)),
                rng.normal(size=(n_examples, n_out)),
            )
        )
    return arguments


# %% [wrong] name="mean-of-delta" expect="the mean is already inside delta"
def dense_backward(entering, weights, delta):
    return entering.T @ delta, delta.mean(axis=0, keepdims=True), delta @ weights.T


# %% [wrong] name="transposed-weight-gradient" expect="which side is transposed"
def dense_backward(entering, weights, delta):
    return delta.T @ entering, delta.sum(axis=0, keepdims=True), delta @ weights.T


# %% [wrong] name="bias-per-example" expect="sum over the examples"
def dense_backward(entering, weights, delta):
    return entering.T @ delta, delta, delta @ weights.T


# %% [wrong] name="weight-gradient-averaged" expect="differs from what nudging the weights gives"
def dense_backward(entering, weights, delta):
    return entering.T @ delta / len(entering), delta.sum(axis=0, keepdims=True), delta @ weights.T
