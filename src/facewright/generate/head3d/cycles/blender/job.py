"""The folder through which scenes come and pictures go: arrays and their tree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

TREE, ARRAYS, PICTURE, FACTS = "scene.json", "scene.npz", "picture.exr", "facts.json"
_MARK = "array"


def write_tree(folder: Path, tree: dict[str, Any]) -> None:
    """Write nested dicts and lists whose leaves are JSON's values or arrays."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    text = json.dumps(_without_arrays(tree, arrays), indent=1)
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type, unused-ignore]
    (folder / TREE).write_text(text, encoding="utf-8")


def read_tree(folder: Path) -> dict[str, Any]:
    """What `write_tree` wrote."""
    plain = json.loads((folder / TREE).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS) as arrays:
        whole: dict[str, Any] = _with_arrays(plain, dict(arrays))
    return whole


def _without_arrays(node: Any, arrays: dict[str, np.ndarray[Any, Any]]) -> Any:
    if isinstance(node, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = node
        return {_MARK: name}
    if isinstance(node, dict):
        return {key: _without_arrays(value, arrays) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_arrays(value, arrays) for value in node]
    return node


def _with_arrays(node: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        if set(node) == {_MARK}:
            return arrays[node[_MARK]]
        return {key: _with_arrays(value, arrays) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_arrays(value, arrays) for value in node]
    return node
