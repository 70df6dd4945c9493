"""One thread at a time imports what is loaded late.

Where two threads import a package and a module in it at once, each holds a lock that the other
waits for; Python then hands one of them a module that is half made.
"""

from __future__ import annotations

import threading

one_at_a_time = threading.RLock()
"""Held while the engine is imported, in a worker or for a view that is shown first."""
