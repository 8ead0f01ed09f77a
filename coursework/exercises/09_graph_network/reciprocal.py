import numpy as np

# %% [exercise] id="reciprocal" title="The rank of a lazy model" points=2 function="mean_reciprocal_rank"


# %% [solution]
def mean_reciprocal_rank(scores, right):
    right_scores = scores[np.arange(len(scores)), right][:, None]
    better = (scores > right_scores).sum(axis=1)
    tied = (scores == right_scores).sum(axis=1) - 1
    return np.mean(1 / (1 + better + 0.5 * tied))


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    found = []
    for n in rng.integers(3, 9, size=4):
        scores = rng.integers(0, 5, size=(n, 7)).astype(float)
        found.append((scores, rng.integers(0, 7, size=n)))
    return found


# %% [wrong] name="ties-are-won" expect="no first place"
def mean_reciprocal_rank(scores, right):
    right_scores = scores[np.arange(len(scores)), right][:, None]
    return np.mean(1 / (1 + (scores > right_scores).sum(axis=1)))


# %% [wrong] name="ties-are-lost" expect="no last place"
def mean_reciprocal_rank(scores, right):
    right_scores = scores[np.arange(len(scores)), right][:, None]
    return np.mean(1 / (scores >= right_scores).sum(axis=1))


# %% [wrong] name="tied-with-itself" expect="not tied with itself"
def mean_reciprocal_rank(scores, right):
    right_scores = scores[np.arange(len(scores)), right][:, None]
    better = (scores > right_scores).sum(axis=1)
    tied = (scores == right_scores).sum(axis=1)
    rank = np.where(tied > 1, 1 + better + 0.5 * tied, 1 + better)
    return np.mean(1 / rank)


# %% [wrong] name="mean-rank" expect="one over the mean rank"
def mean_reciprocal_rank(scores, right):
    right_scores = scores[np.arange(len(scores)), right][:, None]
    return 1 / np.mean(1 + (scores > right_scores).sum(axis=1))


# %% [wrong] name="worst-first" expect="the highest has rank 1"
def mean_reciprocal_rank(scores, right):
    right_scores = scores[np.arange(len(scores)), right][:, None]
    better = (scores < right_scores).sum(axis=1)
    tied = (scores == right_scores).sum(axis=1) - 1
    return np.mean(1 / (1 + better + 0.5 * tied))
