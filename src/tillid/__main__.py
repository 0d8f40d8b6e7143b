"""``python -m tillid``: the same as the command ``tillid``."""

import sys

from tillid.cli import main

sys.exit(main())
