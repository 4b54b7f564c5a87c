"""Layouts: the formats of published datasets and of tools, each read and written in one place.

`base` says what a layout is. One that takes several files has a folder, whose `layout.py` is where
to start; the others are one file here. Arrows run downwards:

    ffhq/ metfaces/ lpff/ celeba/ generated_photos/    published sets
    ffhq_features
    archives/                                          stylegan, eg3d, tfrecords: to train from
    coco/ hf/ webdataset imagefolder csv_table         formats of tools
    common/                                            what several of them share
    base
    seam/                                              what the engine and layouts hand each other
"""
