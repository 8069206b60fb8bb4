"""json_holds.py DOCS FILE EXPRESSION...

FILE (a result or a list of snag's) fits its schema in DOCS, is sound in
itself, and each Python EXPRESSION is true.  Names in an expression:

    it              the document
    s               its first subject or scenario
    iterations      of all runs
    count(OUTCOME)  iterations that came to it
    findings        of the result
    kinds           of the findings, sorted
    frames          functions in the stacks of all findings
    x               what explore did in the first of its runs
    dead            the first finding of a deadlock
"""
import json
import sys
from collections import Counter

from jsonschema import Draft202012Validator

# Iterations of one run that the end of a campaign may cut off: one a job.
MAX_CUT = 8


def close(schema):
    """Readers must ignore members they do not know; we write only known ones."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)


def schema_problems(it, docs):
    name = it["format"].removeprefix("snag-")
    with open(f"{docs}/{name}.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    close(schema)
    for error in Draft202012Validator(schema).iter_errors(it):
        place = "/".join(map(str, error.absolute_path))
        yield f"{place}: {error.message[:300]}"


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)


def run_problems(subject, run):
    place = f"{subject['id']} with {run['threads']} threads"
    n = run["iterations"]
    outcomes = sum(o["count"] for o in run["outcomes"])
    # The outcome of an iteration that was cut off is not known.
    if not n - MAX_CUT <= outcomes <= n and not run.get("dropped"):
        yield f"{place}: {outcomes} outcomes in {n} iterations"
    for finding in run["findings"]:
        # A log has no iterations, and its hits are reports.
        most = run["reports"] if run["engine"] == "log" else n
        if not 1 <= finding["hits"] <= most:
            yield f"{place}: {finding['hits']} hits in {n} iterations"
        if finding["first"] < 1:
            yield f"{place}: first in iteration {finding['first']}"


def soundness_problems(it):
    for text in texts(it):
        for c in text:
            if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160:
                yield f"control byte {ord(c):#x} in {text[:60]!r}"
    for subject in it.get("subjects", []):
        for run in subject["runs"]:
            yield from run_problems(subject, run)
    known = {f["fingerprint"] for f in it.get("findings", [])}
    for subject in it.get("subjects", []):
        for run in subject["runs"]:
            for finding in run["findings"]:
                if finding["fingerprint"] not in known:
                    yield f"unknown finding {finding['fingerprint']}"


def names_for(it):
    subjects = it.get("subjects") or it.get("scenarios") or [None]
    runs = [r for s in it.get("subjects", []) for r in s["runs"]]
    outcomes = Counter()
    for run in runs:
        for outcome in run["outcomes"]:
            outcomes[outcome["name"]] += outcome["count"]
    findings = it.get("findings", [])
    return {
        "it": it,
        "s": subjects[0],
        "runs": runs,
        "iterations": sum(r["iterations"] for r in runs),
        "count": lambda name: outcomes[name],
        "findings": findings,
        "kinds": sorted(f["kind"] for f in findings),
        "x": next((r["explore"] for r in runs if "explore" in r), None),
        "dead": next((f for f in findings if f["kind"] == "deadlock"), None),
        "frames": {
            frame.get("function")
            for f in findings
            for a in f.get("accesses", [])
            for frame in a["frames"]
        },
    }


def main():
    docs, path, *expressions = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        it = json.load(file)
    problems = list(schema_problems(it, docs))
    problems += soundness_problems(it)
    names = names_for(it)
    for expression in expressions:
        if not eval(f"({expression})", names):  # written in the tests themselves
            problems.append(f"not true: {expression}")
    for problem in problems:
        print(f"{path}: {problem}")
    if problems:
        print(it.get("exit"), it.get("verdict"), it.get("notes"))
        print([(s["id"], s["verdict"], s.get("why"), s["notes"], s["runs"])
               for s in it.get("subjects", [])])
    return bool(problems)


sys.exit(main())
