"""Orders over HTTP: what can be wanted, of whom, and what an order would come to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import responses
from facewright.server.jobs.keeper import Keeper
from facewright.server.jobs.ordering import generator_told, plan_told, planned, vocabulary
from facewright.server.jobs.shapes import (
    BasketAnswer,
    GeneratorsAnswer,
    OrderAsked,
    OrdersAnswer,
    PlanAnswer,
    VocabularyAnswer,
)
from facewright.server.notes.selections import Selections
from facewright.server.services import Services, ServicesNow

reading = APIRouter(prefix="/api", tags=["jobs"])


@reading.get("/vocabulary", response_model=VocabularyAnswer, responses=responses())
async def wanted() -> Response:
    """What can be wanted of a synthetic face: names, levels and ranges, as orders write them."""
    return json_answer(vocabulary())


@reading.get("/generators", response_model=GeneratorsAnswer, responses=responses())
async def generators(services: ServicesNow) -> Response:
    """Generators that this server is set up with."""
    return json_answer({"generators": await services.compute.run(_generators, services)})


@reading.get("/orders", response_model=OrdersAnswer, responses=responses())
async def orders(services: ServicesNow) -> Response:
    """What can be ordered, of whom, and the orders that there were, newest first."""
    jobs = await services.compute.run(services.part(Keeper).all)
    there = await services.compute.run(_generators, services)
    made = [job for job in jobs if job["kind"] == "generate"]
    return json_answer({"vocabulary": vocabulary(), "generators": there, "jobs": made})


@reading.post("/orders/plan", response_model=PlanAnswer, responses=responses())
async def plan(asked: Annotated[OrderAsked, Body()], services: ServicesNow) -> Response:
    """What an order would come to; nothing is made, no job is begun."""
    settings = services.part(Keeper).settings

    def told() -> dict[str, Any]:
        return plan_told(*planned(asked, settings))

    return json_answer(await services.compute.run(told))


@reading.get("/basket", response_model=BasketAnswer, responses=responses())
async def basket(services: ServicesNow) -> Response:
    """Kept selections, and the jobs that work on faces, newest first."""
    jobs = await services.compute.run(services.part(Keeper).all)
    kept = await services.compute.run(services.part(Selections).all)
    own = [job for job in jobs if job["kind"] != "generate"]
    return json_answer({"selections": kept, "jobs": own})


def _generators(services: Services) -> list[dict[str, Any]]:
    known = services.part(Keeper).settings.generators
    return [generator_told(name, choice) for name, choice in known.items()]
