import numpy as np

# %% [exercise] id="softmax-sigmoid" title="Two outputs or one?" points=2 function="one_logit"


# %% [solution]
def one_logit(two_logits):
    return two_logits[:, 1] - two_logits[:, 0]


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    return [
        (rng.normal(scale=scale, size=(n_examples, 2)),)
        for n_examples, scale in [(1, 1), (7, 3), (20, 50)]
    ]


# %% [wrong] name="wrong-sign" expect="the sign is the other way round"
def one_logit(two_logits):
    return two_logits[:, 0] - two_logits[:, 1]


# %% [wrong] name="probability" expect="this is the probability itself"
def one_logit(two_logits):
    powers = np.exp(two_logits)
    return powers[:, 1] / powers.sum(axis=1)


# %% [wrong] name="second-logit" expect="the first logit counts as well"
def one_logit(two_logits):
    return two_logits[:, 1]


# %% [wrong] name="kept-both-columns" expect="one logit for each example"
def one_logit(two_logits):
    return two_logits - two_logits[:, :1]
