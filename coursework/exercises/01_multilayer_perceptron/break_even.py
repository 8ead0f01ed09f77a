# %% [exercise] id="break-even" title="The threshold that costs least" points=1 function="break_even"

# %% [solution]
def break_even(missed, refused):
    return refused / (missed + refused)


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [tuple(rng.uniform(0.5, 20, size=2)) for _ in range(4)]


# %% [wrong] name="other-way-round" expect="costlier misses should lower the threshold"
def break_even(missed, refused):
    return missed / (missed + refused)


# %% [wrong] name="odds" expect="1/5 is the odds"
def break_even(missed, refused):
    return refused / missed


# %% [wrong] name="one-half" expect="one half is right only if"
def break_even(missed, refused):
    return 0.5
