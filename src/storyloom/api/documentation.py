"""The OpenAPI document: FastAPI's own, with what is known only at run time."""

from typing import Any

from fastapi import FastAPI

from storyloom.api.admission import document_admission
from storyloom.api.conditional import document_tags
from storyloom.api.idempotency import document_idempotency
from storyloom.api.links import document_links
from storyloom.api.problems import document_problems
from storyloom.api.waiting import document_waiting
from storyloom.storyboard.presets import Catalogue

_VALIDATION_ERROR = {
    "type": "object",
    "required": ["loc", "msg", "type"],
    "properties": {
        "loc": {
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "description": "The path of the field",
        },
        "msg": {"type": "string", "description": "A sentence for a person"},
        "type": {"type": "string", "description": "A stable code for programs"},
    },
}


def document(app: FastAPI) -> None:
    """Let `/openapi.json` name the presets of this server and the error bodies it sends."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schemas = schema["components"]["schemas"]
            schemas["ValidationError"] = {"title": "ValidationError", **_VALIDATION_ERROR}
            private = getattr(app.state, "is_private", False)
            document_admission(schema, is_private=private)
            document_idempotency(schema)
            document_waiting(schema)
            document_tags(schema)
            document_problems(schema)
            document_links(schema)
            catalogue = getattr(app.state, "catalogue", None) or Catalogue.load()
            for name in ("CodeStoryboardRequest", "RoadmapStoryboardRequest"):
                _name_presets(schemas[name]["properties"], catalogue)
            # In a revision, each of them may be left out.
            revision = schemas["RevisionRequest"]["properties"]
            _name_presets({name: f.get("anyOf", [f])[0] for name, f in revision.items()}, catalogue)
        return app.openapi_schema or {}

    app.openapi = openapi


def _name_presets(fields: dict[str, Any], catalogue: Catalogue) -> None:
    known = {
        "icp_preset": catalogue.icp,
        "stage": catalogue.stages,
        "audience": catalogue.audiences,
    }
    for name, presets in known.items():
        # Organisations have profiles of their own besides.
        fields[name]["examples" if name == "icp_preset" else "enum"] = list(presets)
