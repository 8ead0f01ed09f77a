"""Commands for those who publish the book."""
