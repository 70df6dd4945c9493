"""Files with pages: pictures, TIFF and PDF files of many pages, folders of all of them."""
