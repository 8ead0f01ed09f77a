# %% [exercise] id="teacher" title="Explain: why teacher forcing is fair here" points=2 function="is_exact"


# %% [solution]
def is_exact(next_word, truth):
    so_far = []
    for _ in truth:
        so_far.append(next_word(so_far))
    return so_far == truth


# %% [hidden]
class Network:
    """A network that writes some words, and "un" as soon as what it reads is not what it wrote."""

    def __init__(self, words, is_strict):
        self.words, self.is_strict = words, is_strict

    def __call__(self, so_far):
        place = min(len(so_far), len(self.words) - 1)
        if self.is_strict and list(so_far) != self.words[: len(so_far)]:
            return "un"
        return self.words[place]


def cases(rng):
    found = []
    for kind in range(4):
        truth = [*rng.choice(["cent", "mille", "vingt", "trois"], size=5).tolist(), "<end>"]
        written = list(truth)
        if kind:
            written[int(rng.integers(0, 6))] = "deux"
        found.append((Network(written, kind == 2), truth))
    return found


# %% [wrong] name="teacher-forced-and-lenient" expect="cannot be made good"
def is_exact(next_word, truth):
    return next_word(truth[:-1]) == truth[-1]


# %% [wrong] name="stops-before-the-end" expect="the end counts too"
def is_exact(next_word, truth):
    so_far = []
    for _ in truth[:-1]:
        so_far.append(next_word(so_far))
    return so_far == truth[:-1]


# %% [wrong] name="never" expect="every word right is exact"
def is_exact(next_word, truth):
    return next_word([]) == truth


# %% [wrong] name="only-the-first-word" expect="after a wrong one it reads that"
def is_exact(next_word, truth):
    return next_word([]) == truth[0]
