"""The data sets that have to be downloaded."""


def fetch(name):
    raise NotImplementedError(name)
