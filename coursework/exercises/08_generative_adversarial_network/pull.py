from scipy import special

# %% [exercise] id="pull" title="Predict: who pulls?" points=2 function="pull"


# %% [solution]
def pull(logits, loss):
    slope = special.expit(logits) if loss == "minimax" else special.expit(-logits)
    return -slope / len(logits)


# %% [hidden]
TOLERANCE = 1e-10


def cases(rng):
    return [
        (rng.normal(0, 4, size=rng.integers(2, 9)), loss)
        for loss in ("minimax", "non-saturating", "minimax", "non-saturating")
    ]


# %% [wrong] name="sum-not-mean" expect="each drawing has a share of it"
def pull(logits, loss):
    return -special.expit(logits) if loss == "minimax" else -special.expit(-logits)


# %% [wrong] name="exchanged" expect="the other way round"
def pull(logits, loss):
    slope = special.expit(-logits) if loss == "minimax" else special.expit(logits)
    return -slope / len(logits)


# %% [wrong] name="sign" expect="the derivative is negative"
def pull(logits, loss):
    slope = special.expit(logits) if loss == "minimax" else special.expit(-logits)
    return slope / len(logits)


# %% [wrong] name="slope-of-sigmoid" expect="has the slope -σ(s)"
def pull(logits, loss):
    slope = special.expit(logits) if loss == "minimax" else special.expit(-logits)
    return -slope * special.expit(logits) / len(logits)
