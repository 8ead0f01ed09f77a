import numpy as np

# %% [exercise] id="gradient-step" title="One step down" points=2 function="gradient_step"


# %% [solution]
def gradient_step(x, y, w, b, rate):
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    return w - rate * x.T @ error / len(x), b - rate * error.mean()


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [
        (
            rng.normal(size=(n, 2)),
            rng.integers(2, size=n).astype(float),
            rng.normal(size=2),
            float(rng.normal()),
            float(rng.uniform(0.05, 2)),
        )
        for n in (4, 7, 20)
    ]


# %% [wrong] name="uphill" expect="goes uphill"
def gradient_step(x, y, w, b, rate):
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    return w + rate * x.T @ error / len(x), b + rate * error.mean()


# %% [wrong] name="sum" expect="take the mean, not the sum"
def gradient_step(x, y, w, b, rate):
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    return w - rate * x.T @ error, b - rate * error.sum()


# %% [wrong] name="no-sigmoid" expect="goes through the sigmoid first"
def gradient_step(x, y, w, b, rate):
    error = x @ w + b - y
    return w - rate * x.T @ error / len(x), b - rate * error.mean()


# %% [wrong] name="bias-forgotten" expect="the bias did not move"
def gradient_step(x, y, w, b, rate):
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    return w - rate * x.T @ error / len(x), b


# %% [wrong] name="no-rate" expect="the learning rate is missing"
def gradient_step(x, y, w, b, rate):
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    return w - x.T @ error / len(x), b - error.mean()


# %% [wrong] name="one-after-the-other" expect="compute both gradients first"
def gradient_step(x, y, w, b, rate):
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    w = w - rate * x.T @ error / len(x)
    error = (1 + np.tanh((x @ w + b) / 2)) / 2 - y
    return w, b - rate * error.mean()
