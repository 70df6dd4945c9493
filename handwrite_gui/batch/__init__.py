"""The Batch view: many files, read one after the other into a folder."""
