"""The description of the door, made from the schemas: `python -m repcrm.api.openapi` writes openapi.json anew."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from repcrm import __version__
from repcrm.api.schemas import Answers, Batch, OperationIn, Problem, SalesFile, Token
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

TOKEN = {"type": "http", "scheme": "bearer", "description": "Made on the distributor's page; shown there once."}
OF_FILES = {
    "401": "The token is missing, unknown or revoked.",
    "404": "No file of this distributor has this number.",
    "409": "The file was settled before, and something else is now said of it.",
    "413": "The file is larger than this installation reads.",
    "422": "The file, the period or the mode cannot be read.",
    "429": "Too many requests; Retry-After says how long to wait.",
}
PERIOD = "What the file reports, such as 2026-11, 2026-W47 or 2026-Q4; without it, the dates in the file decide."
MODE = "Whether the file replaces what was reported for the period or adds to it; without it, a person is asked."


def description() -> dict[str, Any]:
    """The door in the words of OpenAPI 3.1."""
    models: list[type[BaseModel]] = [Answers, Batch, OperationIn, Problem, SalesFile, Token]
    _, defined = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCE)
    pack = TypeAdapter(Pack).json_schema(ref_template=REFERENCE, mode="serialization")
    schemas = {**defined["$defs"], **pack.pop("$defs"), "Pack": pack}
    schemas["Batch"]["properties"]["operations"]["items"] = _ref("OperationIn")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "repcrm",
            "version": __version__,
            "description": "The offline call sheet: signed in by the cookie of the pages; POSTs carry X-CSRFToken. "
            "Sales files of distributors: with a token of the distributor.",
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
            **_of_sales_files(),
        },
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": {"token": TOKEN}},
    }


def _of_sales_files() -> dict[str, Any]:
    """Describe the direct connection."""
    received = _says("Send a sales file; the same bytes again change nothing.", "SalesFile")
    first, again = dict(received["responses"]["200"]), dict(received["responses"]["200"])
    first["description"], again["description"] = "Received for the first time.", "Received before."
    file = {"type": "string", "format": "binary"}
    fields = {"file": file, "period": {"type": "string"}, "mode": {"type": "string", "enum": ["replace", "add"]}}
    form = {"type": "object", "required": ["file"], "properties": fields}
    named = {"in": "header", "name": "X-File-Name", "description": "Name of the file, percent-encoded UTF-8."}
    return {
        "/api/v1/sales-files": {
            "post": {
                "summary": received["summary"],
                "security": [{"token": []}],
                "parameters": [
                    _text("query", "period", PERIOD),
                    {**_text("query", "mode", MODE), "schema": {"type": "string", "enum": ["replace", "add"]}},
                    _text("query", "name", "Name of the file, where the body is the file itself."),
                    {**named, "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": form}, "application/octet-stream": {"schema": file}},
                },
                "responses": {"200": again, "201": first, **_refused(OF_FILES, "401", "409", "413", "422", "429")},
            }
        },
        "/api/v1/sales-files/{file_id}": {
            "get": {
                **_says("What has become of a file of the token's distributor.", "SalesFile"),
                "security": [{"token": []}],
                "parameters": [
                    {"in": "path", "name": "file_id", "required": True, "schema": {"type": "integer"}},
                ],
            }
            | {"responses": {"200": again | {"description": "The file."}, **_refused(OF_FILES, "401", "404", "429")}}
        },
    }  # fmt: skip


def _text(place: str, name: str, about: str) -> dict[str, Any]:
    return {"in": place, "name": name, "description": about, "schema": {"type": "string"}}


def _refused(words: Mapping[str, str], *refusals: str) -> dict[str, Any]:
    return {
        status: {"description": words[status], "content": {"application/json": {"schema": _ref("Problem")}}}
        for status in sorted(refusals)
    }


def text() -> str:
    """The same as the file has it."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}


def _says(summary: str, schema: str, *refusals: str) -> dict[str, Any]:
    answered = {"description": summary, "content": {"application/json": {"schema": _ref(schema)}}}
    return {"summary": summary, "responses": {"200": answered, **_refused(REFUSALS, *refusals)}}


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
