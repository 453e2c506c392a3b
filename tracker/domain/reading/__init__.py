"""Read a pasted article: sentences, names, days, and the first lines. English only."""
