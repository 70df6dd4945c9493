"""A guided tour of how a network learns; each of its steps runs the experiment it tells of."""
