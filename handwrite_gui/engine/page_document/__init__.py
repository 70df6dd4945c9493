"""A page as a document: what was read, what the person said of it, what was done, and its file.

Everything here is a value or a function over values, and knows nothing of any window.
"""
