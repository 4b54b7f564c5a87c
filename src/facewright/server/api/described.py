"""The OpenAPI description: what routes cannot say of themselves, because it depends on the data."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from fastapi import FastAPI

from facewright.server.catalogue.columns import MOST_LEVELS, Column
from facewright.server.http.problems import Problem
from facewright.server.services import Services

_OF_FILTERS: Final = frozenset(("where", "select"))
"""Parameters of every route that takes a filter."""
_REF: Final = "#/components/parameters/"
_RANGE: Final = r"^(~|-?[0-9]{1,6}(\.[0-9]{1,4})?|(-?[0-9]{1,6})?\.\.(-?[0-9]{1,6})?)$"


def install_description(app: FastAPI, services: Services) -> None:
    """Name the shape of errors, and every attribute of the served faces as a parameter."""
    written = app.openapi

    def openapi() -> dict[str, Any]:
        """The description as FastAPI writes it, and what only the served faces tell."""
        told = deepcopy(written())
        parts = told.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        catalogue = services.library.catalogue
        if catalogue is not None:
            _add_attributes(told, catalogue.columns)
        return told

    app.openapi = openapi  # type: ignore[method-assign]


def _add_attributes(told: dict[str, Any], columns: Mapping[str, Column]) -> None:
    told["components"]["parameters"] = {
        f"filter.{name}": _parameter(column) for name, column in columns.items()
    }
    references = [{"$ref": f"{_REF}filter.{name}"} for name in columns]
    for methods in told["paths"].values():
        for operation in methods.values():
            own = operation.get("parameters", [])
            if {each.get("name") for each in own} >= _OF_FILTERS:
                operation["parameters"] = own + references


def _parameter(column: Column) -> dict[str, Any]:
    each = column.attribute
    items: dict[str, Any] = {"type": "string"}
    if column.kind != "class":
        items["pattern"] = _RANGE
        about = f"{each.title}: 20..40 is from 20 up to but without 40; `~`: not known"
    else:
        if 0 < len(column.levels) <= MOST_LEVELS and each.levels:
            items["enum"] = [*column.levels, "~"]
        about = f"{each.title}: any of the values; `~`: not known"
    return {
        "name": column.name,
        "in": "query",
        "required": False,
        "description": f"{about}. `not.{column.name}` leaves values out.",
        "schema": {"type": "array", "items": items, "maxItems": 50},
        "style": "form",
        "explode": True,
    }
