"""Parts of `tools/build_head_pack.py`: the pinned sources of a head, and how they are packed."""
