"""Words and limits of the studio."""

import re

MAX_XML_BYTES = 1_048_576
"""As the engine's own parser: a larger file is not even kept as a draft."""
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""A process key: it stands in addresses, operations and file names."""
FIRST_ROLE = "designer"
"""The lane that a new flow begins with."""
