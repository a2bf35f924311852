"""A JSON schema as Markdown: a section for each definition, and a table of its fields in it."""

import json

NOT_OF_FIELDS = ("canonical",)  # their parts have sections of their own


def as_markdown(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    definitions = schema.get("$defs", {})
    kinds = schema.pop("oneOf", [])
    sections = [_section("The document", {**schema, "description": ""}, leave=NOT_OF_FIELDS)]
    sections += [_section(f"Where mode is {kind['properties'].pop('mode')['const']}", kind) for kind in kinds]
    for whole in NOT_OF_FIELDS:
        part = schema["properties"].get(whole, {"properties": {}})
        sections += [_section(f"{whole}.{name}", field) for name, field in part["properties"].items()]
    sections += [_section(name, field) for name, field in definitions.items()]
    return f"\n{schema['description']}\n\n" + "\n".join(sections)


def _section(title, schema, leave=()):
    said = schema.get("description", "")
    text = f"## {title}\n\n" + (f"{said[:1].upper()}{said[1:]}\n\n" if said else "")
    rows = list(_rows(schema, "", leave))
    if not rows:
        return text + f"{_type(schema).capitalize()}.\n"
    return text + "| field | value | what it is |\n|---|---|---|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _rows(schema, prefix, leave=()):
    """Every field below, the nested ones by their path."""
    for alternative in (schema, *schema.get("oneOf", ())):
        required = alternative.get("required", [])
        for name, field in alternative.get("properties", {}).items():
            path = f"{prefix}{name}"
            kind = _type(field) + ("" if name in required or prefix else ", may be absent")
            if name in leave:
                yield f"`{path}`", "object", f"{field.get('description', '')} Its fields stand in the sections below."
                continue
            yield f"`{path}`", kind, field.get("description", "")
            yield from _rows(field, f"{path}.")
    if "items" in schema:
        yield from _rows(schema["items"], f"{prefix.removesuffix('.')}[].")


def _type(schema):
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "oneOf" in schema and "properties" not in schema:
        return " or ".join(_type(alternative) for alternative in schema["oneOf"])
    if schema.get("type") == "array":
        return f"array of {_type(schema.get('items', {}))}"
    types = schema.get("type", "any value")
    return (" or ".join(types) if isinstance(types, list) else types) + _limits(schema)


def _limits(schema):
    lower = [f"> {schema['exclusiveMinimum']}"] if "exclusiveMinimum" in schema else []
    lower += [f"≥ {schema['minimum']}"] if "minimum" in schema else []
    upper = [f"< {schema['exclusiveMaximum']}"] if "exclusiveMaximum" in schema else []
    upper += [f"≤ {schema['maximum']}"] if "maximum" in schema else []
    return f" {', '.join(lower + upper)}".rstrip()
