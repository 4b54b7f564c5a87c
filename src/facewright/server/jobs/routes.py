"""Jobs over HTTP."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body
from starlette.responses import FileResponse, Response, StreamingResponse

from facewright.balance.strategy import catalogue as strategies_there
from facewright.layouts.base import layout, layout_names
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.jobs.keeper import Keeper
from facewright.server.jobs.packing import files_of, zipped
from facewright.server.jobs.planning import check, task_of, title_of
from facewright.server.jobs.shapes import JobAnswer, JobAsked, JobsAnswer, JobStarted
from facewright.server.services import CatalogueNow, ServicesNow

reading = APIRouter(prefix="/api", tags=["jobs"])
writing = APIRouter(prefix="/api", tags=["jobs"])
"""Left out where a server is read-only."""

_BINARY: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


@reading.get("/layouts", responses=responses())
async def layouts() -> dict[str, list[dict[str, str]]]:
    """Layouts that faces can be exported in."""
    return {
        "layouts": [
            {"name": name, "title": name, "summary": layout(name).summary}
            for name in layout_names()
        ]
    }


@reading.get("/strategies", responses=responses())
async def strategies() -> dict[str, list[dict[str, str]]]:
    """Ways to balance."""
    there = strategies_there()
    return {"strategies": [{"name": each["name"], "summary": each["what"]} for each in there]}


@reading.get("/jobs", response_model=JobsAnswer, responses=responses())
async def jobs(services: ServicesNow) -> Response:
    """All jobs, newest first."""
    return json_answer({"jobs": await services.compute.run(services.part(Keeper).all)})


@reading.get("/jobs/{job_id}", response_model=JobAnswer, responses=responses(404))
async def job(job_id: str, services: ServicesNow) -> Response:
    """A job as it is now."""
    return json_answer(await services.compute.run(services.part(Keeper).one, job_id))


@writing.post("/jobs", status_code=202, response_model=JobStarted, responses=responses(507))
async def start(
    asked: Annotated[JobAsked, Body()], services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """Begin a job. By the time its id is told, it is kept, whatever happens to the server."""
    keeper = services.part(Keeper)
    settings = keeper.settings

    def begin() -> str:
        """Check what is asked for and keep it; the job's id."""
        check(asked, catalogue, settings)
        return keeper.start(
            asked.kind,
            title_of(asked),
            lambda folder: task_of(asked, services, catalogue, settings, folder),
        )

    return json_answer({"id": await services.compute.run(begin)}, 202)


@writing.post(
    "/jobs/{job_id}/again", status_code=202, response_model=JobStarted,
    responses=responses(404, 409),
)  # fmt: skip
async def again(job_id: str, services: ServicesNow) -> Response:
    """Begin a job again that was interrupted, cancelled or failed."""
    await services.compute.run(services.part(Keeper).again, job_id)
    return json_answer({"id": job_id}, 202)


@writing.delete(
    "/jobs/{job_id}", status_code=204, response_class=Response,
    responses=responses(404, 409),
)  # fmt: skip
async def end(job_id: str, services: ServicesNow) -> Response:
    """Cancel a job that is not over; forget one that is, with what it made."""
    await services.compute.run(services.part(Keeper).end, job_id)
    return Response(status_code=204)


@reading.get(
    "/jobs/{job_id}/result", response_class=Response,
    responses={**responses(404, 409), **_BINARY},
)  # fmt: skip
async def result(job_id: str, services: ServicesNow) -> Response:
    """What a job made: its one file, or all of them in a zip."""
    keeper = services.part(Keeper)
    told = await services.compute.run(keeper.one, job_id)
    if told["state"] != "done":
        raise ProblemError(409, f"the job is {told['state']}", "state")
    folder = (await services.compute.run(keeper.task, job_id)).result
    files = await services.pictures.run(files_of, folder)
    if not files:
        raise ProblemError(404, "what it made is not here any more", "no-result")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", told["title"]).strip("-.") or told["kind"]
    if len(files) == 1:
        name = f"{name}{files[0].suffix}"
        return FileResponse(files[0], filename=name, headers={"Cache-Control": "no-cache"})
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Cache-Control": "no-cache",
    }
    return StreamingResponse(zipped(folder, files), headers=headers, media_type="application/zip")
