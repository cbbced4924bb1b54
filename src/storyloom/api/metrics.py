"""The figures, for Prometheus to scrape."""

from fastapi import APIRouter, Request, Response

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Not in the OpenAPI document: its shape is Prometheus' and its readers are machines.
router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Everything that is counted, in Prometheus' text format."""
    return Response(await request.state.metrics.text(), headers={"Content-Type": CONTENT_TYPE})
