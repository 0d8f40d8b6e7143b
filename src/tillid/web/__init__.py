"""The front door: a Pyramid application over the use cases. What is not in ``routes.py`` does not exist (design 1, 9)."""

import warnings

# Pyramid 2.1 still asks pkg_resources for its assets; nothing of ours does.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)
