"""The front door: a Pyramid application over the use cases. What is not in ``routes.py`` does not exist (design 1, 9)."""
