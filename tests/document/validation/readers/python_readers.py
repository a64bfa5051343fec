# Reads documents as services in Python do: a line of JSON in, {"text": ...}; a line out, what each reader makes of it.
import datetime
import io
import json
import sys
import warnings

import ruamel.yaml
import yaml

warnings.simplefilter("ignore")
# A limit of the interpreter, not of the readers: a document may be nested a hundred levels deep.
sys.setrecursionlimit(10000)


def told(value):
    if value is None or isinstance(value, str):
        return value if value is None else ["text", str(value)]
    if isinstance(value, bool) or type(value).__name__ == "ScalarBoolean":
        return bool(value)
    if isinstance(value, (int, float)):
        return ["number", repr(float(value)) if isinstance(value, float) else str(int(value))]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return ["date", value.isoformat()]
    if isinstance(value, (list, tuple)):
        return ["list", [told(item) for item in value]]
    if isinstance(value, dict):
        return ["map", [[told(key), told(item)] for key, item in value.items()]]
    return ["other", type(value).__name__]


def ruamel_reader(**options):
    return lambda data: ruamel.yaml.YAML(**options).load(io.BytesIO(data))


YAML = {
    "PyYAML": lambda data: yaml.load(data, Loader=yaml.SafeLoader),
    "PyYAML with libyaml": lambda data: yaml.load(data, Loader=yaml.CSafeLoader),
    "ruamel.yaml": ruamel_reader(typ="safe", pure=True),
    "ruamel.yaml with libyaml": ruamel_reader(typ="safe"),
    "ruamel.yaml round trip": ruamel_reader(),
}


def refuse(name):
    raise ValueError(name + " is no JSON")


JSON = {"Python's json": lambda data: json.loads(data.decode(), parse_constant=refuse)}


def read(reader, data):
    try:
        return {"value": told(reader(data))}
    except Exception as error:
        return {"error": type(error).__name__ + ": " + " ".join(str(error).split())[:200]}


for line in sys.stdin:
    task = json.loads(line)
    data = task["text"].encode("utf-8")
    readers = JSON if task["syntax"] == "json" else YAML
    print(json.dumps({name: read(reader, data) for name, reader in readers.items()}), flush=True)
