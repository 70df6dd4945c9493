"""Many files at once: read by several processes, written as they are done, resumable."""
