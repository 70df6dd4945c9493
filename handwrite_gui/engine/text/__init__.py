"""What language knows about text: which words there are, and which letters follow one another."""
