import numpy as np

# %% [exercise] id="half-life" title="Predict: the half-life at bias 2" points=2 function="steps_to_share"


# %% [solution]
def steps_to_share(forget_bias, share=0.5):
    return np.log(share) / np.log(1 / (1 + np.exp(-forget_bias)))


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [(float(rng.uniform(0, 6)), float(rng.uniform(0.05, 0.9))) for _ in range(4)]


# %% [wrong] name="equal-amounts" expect="the gates multiply"
def steps_to_share(forget_bias, share=0.5):
    return (1 - share) / (1 - 1 / (1 + np.exp(-forget_bias)))


# %% [wrong] name="upside-down" expect="upside down"
def steps_to_share(forget_bias, share=0.5):
    return np.log(1 / (1 + np.exp(-forget_bias))) / np.log(share)


# %% [wrong] name="wrong-sign" expect="mind the sign"
def steps_to_share(forget_bias, share=0.5):
    return -np.log(share) / np.log(1 / (1 + np.exp(-forget_bias)))


# %% [wrong] name="always-half" expect="it need not be one half"
def steps_to_share(forget_bias, share=0.5):
    return np.log(0.5) / np.log(1 / (1 + np.exp(-forget_bias)))
