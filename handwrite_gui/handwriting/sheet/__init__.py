"""Sample sheets in the window: printing one, and reading it back."""
