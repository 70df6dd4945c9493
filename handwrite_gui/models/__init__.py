"""The models that the program knows, in the window: looked at, kept, compared, used."""
