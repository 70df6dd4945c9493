"""Looking into a network: what its units do, and why it reads a sample as it does."""
