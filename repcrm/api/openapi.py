"""The description of the door, made from the schemas: `python -m repcrm.api.openapi` writes openapi.json anew."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from repcrm import __version__
from repcrm.api.schemas import Answers, Batch, OperationIn, Problem, Token
from repcrm.sync.pack import Pack

FILE = Path(__file__).with_name("openapi.json")
REFERENCE = "#/components/schemas/{model}"
REFUSALS = {
    "401": "Nobody is signed in (any more).",
    "403": "The role does not include this.",
    "409": "The drafts are somebody else's.",
    "422": "The batch cannot be read.",
    "400": "The token is missing or old.",
    "503": "The database is busy: send the same again after the seconds of Retry-After.",
}


def description() -> dict[str, Any]:
    """The door in the words of OpenAPI 3.1."""
    models: list[type[BaseModel]] = [Answers, Batch, OperationIn, Problem, Token]
    _, defined = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCE)
    pack = TypeAdapter(Pack).json_schema(ref_template=REFERENCE, mode="serialization")
    schemas = {**defined["$defs"], **pack.pop("$defs"), "Pack": pack}
    schemas["Batch"]["properties"]["operations"]["items"] = _ref("OperationIn")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "repcrm",
            "version": __version__,
            "description": "The offline call sheet. Signed in by the cookie of the pages; POSTs carry X-CSRFToken.",
        },
        "paths": {
            "/api/v1/token": {"get": _says("A fresh token for POSTs.", "Token", "401", "403")},
            "/api/v1/day-pack": {"get": _says("What goes along on the rep's phone.", "Pack", "401", "403")},
            "/api/v1/operations": {
                "post": {
                    **_says("Take in what was done on a device, each operation exactly once.", "Answers", *REFUSALS),
                    "parameters": [
                        {"name": "X-CSRFToken", "in": "header", "required": True, "schema": {"type": "string"}}
                    ],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Batch")}}},
                }
            },
        },
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def text() -> str:
    """The same as the file has it."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}


def _says(summary: str, schema: str, *refusals: str) -> dict[str, Any]:
    answered = {"description": summary, "content": {"application/json": {"schema": _ref(schema)}}}
    refused = {
        status: {"description": REFUSALS[status], "content": {"application/json": {"schema": _ref("Problem")}}}
        for status in sorted(refusals)
    }
    return {"summary": summary, "responses": {"200": answered, **refused}}


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
