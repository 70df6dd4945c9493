"""Reading a whole page: from its image to lines, words and characters."""
