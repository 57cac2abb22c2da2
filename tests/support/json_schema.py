"""A small validator for the words of JSON Schema that mailwalk's schema uses. A word it does not know
is an error, so that no rule goes unchecked."""

import re

KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "required", "properties",
    "additionalProperties", "items", "minItems", "maxItems", "enum", "const", "pattern", "minimum",
    "allOf", "if", "then",
}
TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}


def find(root, reference):
    place = root
    for name in reference.removeprefix("#/").split("/"):
        place = place[name]
    return place


def same(left, right):
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def object_faults(value, schema, root, path):
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}: '{name}' is missing"
    for name, member in value.items():
        if name in properties:
            yield from faults(member, properties[name], root, f"{path}.{name}")
        elif schema.get("additionalProperties", True) is False:
            yield f"{path}: '{name}' is not in the schema"


def array_faults(value, schema, root, path):
    if len(value) < schema.get("minItems", 0):
        yield f"{path}: too few items"
    if len(value) > schema.get("maxItems", len(value)):
        yield f"{path}: too many items"
    for index, item in enumerate(value):
        yield from faults(item, schema.get("items", {}), root, f"{path}[{index}]")


def faults(value, schema, root=None, path="$"):
    """Sentences that say what is wrong; none for a value that fits."""
    root = schema if root is None else root
    unknown = set(schema) - KNOWN
    if unknown:
        yield f"{path}: the validator does not know {sorted(unknown)}"
    if "$ref" in schema:
        yield from faults(value, find(root, schema["$ref"]), root, path)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(TYPES[kind](value) for kind in kinds):
        yield f"{path}: {value!r} is not {' or '.join(kinds)}"
        return
    if "enum" in schema and not any(same(value, one) for one in schema["enum"]):
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "const" in schema and not same(value, schema["const"]):
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if "minimum" in schema and isinstance(value, (int, float)) and value < schema["minimum"]:
        yield f"{path}: {value!r} is less than {schema['minimum']}"
    if isinstance(value, dict):
        yield from object_faults(value, schema, root, path)
    if isinstance(value, list):
        yield from array_faults(value, schema, root, path)
    for part in schema.get("allOf", []):
        yield from faults(value, part, root, path)
    if "if" in schema and not list(faults(value, schema["if"], root, path)):
        yield from faults(value, schema.get("then", {}), root, path)
