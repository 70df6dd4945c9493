"""Labelled character images: reading, fetching, normalising, augmenting, synthesising."""
