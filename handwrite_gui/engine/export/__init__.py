"""Writing what was read in the formats that other programs take."""
