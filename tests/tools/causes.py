#!/usr/bin/env python3
"""causes.py RESULT.json [--map MAP.json] [--least PERCENT]

How often the classifier's first candidate is the cause that a scenario
requires.  Takes every REQUIRED line with a cause of every broken or blind
scenario in a result of `snag run`, finds what was seen for it, and compares.
A line for which nothing was seen counts as wrong.  --map is rename.py's: the
functions of the lines are looked for under their new names.
"""

import argparse
import json
import sys


def functions_of(finding):
    """A set of functions for each side."""
    stacks = [a.get("frames", []) for a in finding.get("accesses", [])]
    stacks += [t.get("frames", []) for t in finding.get("threads", [])]
    return [{f.get("function") for f in s} for s in stacks]


def fits(finding, line, names):
    if finding["kind"] != line["kind"]:
        return False
    sides = functions_of(finding)
    wanted = [names.get(b, b) for b in line.get("between", []) if b]
    return all(any(w in side for side in sides) for w in wanted)


def required(subject):
    for line in subject.get("reports", []):
        if line["grade"] == "required" and line.get("cause"):
            yield "report", line
    for line in subject.get("outcomes", []):
        if line["grade"] != "required" or not line.get("cause"):
            continue
        if "stress" in line.get("engines", ["stress"]):
            yield "outcome", line


def seen_for(subject, findings, what, line, names):
    prints = {f["fingerprint"] for r in subject["runs"] for f in r["findings"]}
    for fingerprint in sorted(prints):
        finding = findings[fingerprint]
        if what == "outcome":
            if finding.get("outcome") == line["when"]:
                yield finding
        elif fits(finding, line, names):
            yield finding


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("result")
    parser.add_argument("--map")
    parser.add_argument("--least", type=float, default=95.0)
    options = parser.parse_args()
    with open(options.result, encoding="utf-8") as file:
        result = json.load(file)
    names = {}
    if options.map:
        with open(options.map, encoding="utf-8") as file:
            names = json.load(file)["names"]
    findings = {f["fingerprint"]: f for f in result["findings"]}
    total = right = 0
    for subject in result["subjects"]:
        for what, line in required(subject):
            total += 1
            got = list(seen_for(subject, findings, what, line, names))
            first = [f["causes"][0]["cause"] for f in got]
            if line["cause"] in first:
                right += 1
            else:
                print(f"{subject['id']}: {line.get('kind', line.get('when'))}"
                      f" must be {line['cause']}, is"
                      f" {', '.join(first) or 'not seen'}")
    share = 100.0 * right / total if total else 0.0
    print(f"{right} of {total} required causes came first: {share:.1f} %")
    return 0 if total and share >= options.least else 1


sys.exit(main())
