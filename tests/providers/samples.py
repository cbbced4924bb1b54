"""Answers that fit whatever is asked: an instance of a JSON schema, a picture of a size."""

import base64
import hashlib
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from PIL import Image

Schema = Mapping[str, Any]


def instance(schema: Schema) -> Any:
    """An instance of a JSON schema, the same each time."""
    return _any(schema, schema.get("$defs") or schema.get("definitions") or {}, "x", 0)


def _any(schema: Schema, defs: Schema, name: str, n: int) -> Any:
    if "$ref" in schema:
        return _any(defs[schema["$ref"].rpartition("/")[2]], defs, name, n)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return _any(next(s for s in schema[word] if s.get("type") != "null"), defs, name, n)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][n % len(schema["enum"])]
    return _of_type(schema, defs, name, n)


def _of_type(schema: Schema, defs: Schema, name: str, n: int) -> Any:
    kind = schema.get("type", "object")
    kind = kind if isinstance(kind, str) else next(k for k in kind if k != "null")
    if kind == "object":
        return {k: _any(v, defs, k, n) for k, v in schema.get("properties", {}).items()}
    if kind == "array":
        many = max(int(schema.get("minItems", 1)), 1)
        return [_any(schema.get("items", {}), defs, name, n + i) for i in range(many)]
    return _scalar(schema, kind, f"fake {name} {n}", n)


def _scalar(schema: Schema, kind: str, text: str, n: int) -> Any:
    match kind:
        case "integer":
            return int(schema.get("minimum", 1)) + n
        case "number":
            return float(schema.get("minimum", 0.5))
        case "boolean":
            return True
        case _:
            text = text.ljust(int(schema.get("minLength", 0)), ".")
            return text[: int(schema.get("maxLength", len(text)))]


def picture(width: int, height: int, seed: str = "", kind: str = "PNG") -> bytes:
    """A picture of this size: one of four colours, with noise, so as large as a painted one."""
    return _picture(width, height, hashlib.sha256(seed.encode()).digest()[0] % 4, kind)


def picture_base64(width: int, height: int, seed: str = "") -> str:
    return _base64(width, height, hashlib.sha256(seed.encode()).digest()[0] % 4)


@lru_cache(maxsize=16)
def _base64(width: int, height: int, hue: int) -> str:
    return base64.b64encode(_picture(width, height, hue, "PNG")).decode()


@lru_cache(maxsize=16)
def _picture(width: int, height: int, hue: int, kind: str) -> bytes:
    grey = Image.effect_noise((width, height), 3)
    ink = [(40, 60, 120), (120, 50, 60), (40, 110, 80), (110, 90, 30)][hue]
    bands = [grey.point([value // 2 + add for value in range(256)]) for add in ink]
    out = io.BytesIO()
    Image.merge("RGB", bands).save(out, kind, compress_level=1)
    return out.getvalue()
