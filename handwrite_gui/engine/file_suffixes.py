"""What files are called that the program opens; light enough for whoever only looks at names."""

from __future__ import annotations

PICTURES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".bmp",
    ".gif",
    ".tif",
    ".tiff",
    ".pdf",
    ".heic",
    ".heif",
    ".avif",
)
"""Of the files with pages that are taken from folders; one that is named may have any name."""

READINGS = (".hocr", ".html", ".htm", ".xhtml", ".xml", ".json")
"""Of what programs wrote about a page."""

SAVED_PAGE = ".handwrite"
"""Of a page with its picture, its reading and its corrections."""
