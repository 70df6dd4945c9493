"""From the strokes of a drawing to its lines, words and characters."""
