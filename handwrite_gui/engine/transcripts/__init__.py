"""Reading what this and other programs wrote about a page: its text, and where it stands."""
