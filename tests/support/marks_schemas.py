"""What graders document of the files that they read, as JSON Schema and, for JUnit, as tables. Written
after: Gradescope, "Autograder Specifications"; PrairieLearn, "External Grading", Grading results;
check50, "JSON specification"; Autolab, "Guide for Lab Authors" and "Formatted Feedback"; Jenkins,
junit-10.xsd of its xUnit plugin. What a document does not name is not allowed here."""

import json
import re
import xml.etree.ElementTree as ElementTree

import json_schema

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
POINTS = {"type": "number", "minimum": 0}
TEXT = {"type": "string"}


def closed(required, **properties):
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


GRADESCOPE = closed(
    ["score", "tests"],
    score=POINTS,
    execution_time=POINTS,
    output=TEXT,
    output_format=FORMAT,
    test_output_format=FORMAT,
    test_name_format=FORMAT,
    visibility=VISIBILITY,
    stdout_visibility=VISIBILITY,
    extra_data={"type": "object"},
    leaderboard={"type": "array"},
    tests={
        "type": "array",
        "items": closed(
            ["score", "max_score", "name"],
            score=POINTS,
            max_score=POINTS,
            status={"enum": ["passed", "failed"]},
            name=TEXT,
            name_format=FORMAT,
            number=TEXT,
            output=TEXT,
            output_format=FORMAT,
            tags={"type": "array", "items": TEXT},
            visibility=VISIBILITY,
            extra_data={"type": "object"},
        ),
    },
)
PRAIRIELEARN_TEST = closed(
    ["name", "points", "max_points"],
    name=TEXT,
    description=TEXT,
    points=POINTS,
    max_points=POINTS,
    message=TEXT,
    output=TEXT,
    images={"type": "array"},
)
PRAIRIELEARN = closed(
    ["gradable"],
    gradable={"type": "boolean"},
    score=POINTS,
    message=TEXT,
    output=TEXT,
    images={"type": "array"},
    format_errors=TEXT,
    tests={"type": "array", "items": PRAIRIELEARN_TEST},
)
CHECK50_CAUSE = {"type": "object", "required": ["rationale"], "properties": {"rationale": TEXT, "help": {"type": ["string", "null"]}}}
CHECK50_RESULT = closed(
    ["name", "description", "passed", "log", "cause", "data", "dependency"],
    name={"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
    description=TEXT,
    passed={"type": ["boolean", "null"]},
    log={"type": "array", "items": TEXT},
    cause={"type": ["object", "null"]},
    data={"type": "object"},
    dependency={"type": ["string", "null"]},
)
CHECK50_ERROR = closed(
    ["type", "value", "traceback", "data"],
    type=TEXT,
    value=TEXT,
    traceback={"type": "array", "items": TEXT},
    data={"type": "object"},
)
CHECK50 = closed(["slug", "version"], slug=TEXT, version=TEXT, results={"type": "array", "items": CHECK50_RESULT}, error=CHECK50_ERROR)
AUTOLAB_SCORES = closed(["scores"], scores={"type": "object"}, scoreboard={"type": "array"})
AUTOLAB_TEST = closed(["passed"], passed={"type": "boolean"}, hint=TEXT)


def of_schema(value, schema):
    yield from json_schema.faults(value, schema, schema, "$")


def gradescope_faults(text):
    value = json.loads(text)
    yield from of_schema(value, GRADESCOPE)
    if any(test["score"] > test["max_score"] for test in value["tests"]):
        yield "more points than there are"
    if abs(sum(test["score"] for test in value["tests"]) - value["score"]) > 0.01:
        yield "the sum of the tests is not the score"


def prairielearn_faults(text):
    value = json.loads(text)
    yield from of_schema(value, PRAIRIELEARN)
    if value["gradable"] != ("score" in value) or value["gradable"] == ("format_errors" in value):
        yield "a score where it can be graded, format errors where not"
    if not 0 <= value.get("score", 0) <= 1:
        yield "a score that is no share"
    if len(text.encode()) > 1024 * 1024:
        yield "over 1 MB"


def check50_faults(text):
    value = json.loads(text)
    yield from of_schema(value, CHECK50)
    if ("results" in value) == ("error" in value):
        yield "results or error, one of them"
    results = value.get("results", [])
    if len({result["name"] for result in results}) != len(results):
        yield "two results of one name"
    for result in results:
        if (result["passed"] is True) != (result["cause"] is None):
            yield "a cause exactly where it did not pass"
        if result["cause"] is not None:
            yield from of_schema(result["cause"], CHECK50_CAUSE)


def autolab_faults(text):
    """Text for students, then the semantic feedback, then the scores: a line of JSON each."""
    *said, feedback, scores = text.rstrip("\n").split("\n")
    if not said:
        yield "no feedback that a student could read"
    scores = json.loads(scores)
    yield from of_schema(scores, AUTOLAB_SCORES)
    for score in scores.get("scores", {}).values():
        yield from of_schema(score, POINTS)
    feedback = json.loads(feedback)
    stages = feedback.get("stages", [])
    if feedback.get("_presentation") != "semantic" or set(feedback) != {"_presentation", "stages", *stages}:
        yield "stages that are not there"
    for stage in stages:
        for test in feedback[stage].values():
            yield from of_schema(test, AUTOLAB_TEST)


# element: attributes that must be there, attributes that may be, children
JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name"}, {"time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
}


def junit_element_faults(element):
    if element.tag not in JUNIT:
        yield f"<{element.tag}> is not known"
        return
    required, optional, children = JUNIT[element.tag]
    if not required <= set(element.attrib) <= required | optional:
        yield f"attributes {sorted(element.attrib)} of <{element.tag}>"
    if not re.fullmatch(r"[0-9]*(\.[0-9]{0,3})?", element.get("time", "0")):
        yield "a time that is none"
    if element.tag in ("testsuites", "testsuite", "testcase") and (element.text or "").strip():
        yield f"text in <{element.tag}>"
    for child in element:
        if child.tag not in children:
            yield f"<{child.tag}> in <{element.tag}>"
        yield from junit_element_faults(child)


def junit_faults(text):
    root = ElementTree.fromstring(text.encode())
    yield from junit_element_faults(root)
    for suite in root.iter("testsuite"):
        for count, path in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
            if int(suite.get(count)) != len(suite.findall(path)):
                yield f"{count} of {suite.get('name')}"
