"""Read an article: what its sentences may claim. Plain Python, without a model or a download."""
