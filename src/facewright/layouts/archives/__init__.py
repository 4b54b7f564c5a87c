"""Archives to train from: StyleGAN's zip of numbered PNGs, EG3D's with cameras, and TFRecords."""
