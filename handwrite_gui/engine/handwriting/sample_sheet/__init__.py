"""A sheet to be printed, filled in by pen, photographed, and read back into samples.

``layout`` says where everything stands on the paper, ``identity`` what its squares say, and
``printing`` makes the PDF; ``marks`` finds the sheet in a picture, ``flattening`` lays it flat,
``cells`` takes the ink out of the boxes, and ``reading`` is the door to all of these.
"""
