"""The house rules of the notebooks, each a function from a notebook to a list of complaints."""

from tests.house import code, exercises, figures, layout, prose
from tests.house.book import Book, Notebook, read_book, read_notebook

RULES = {
    rule.__name__: rule
    for module in (layout, code, figures, exercises, prose)
    for rule in module.RULES
}

__all__ = ["RULES", "Book", "Notebook", "read_book", "read_notebook"]
