"""templates.py gitlab FILE    what is wrong with it as GitLab's
templates.py steps FILE JOB  the commands of a job, as a shell script

Knows those keywords of GitLab's that our template may use.  A script does what
the service does: it ends with the first step that fails, but steps of
`if: always()` are run in any case.  The step that installs is left out.
"""
import sys

import yaml

KEYWORDS = {
    "extends": str, "stage": str, "image": str, "needs": list,
    "before_script": list, "script": list, "timeout": str, "rules": list,
    "artifacts": dict,
}
ARTIFACTS = {"when": str, "expire_in": str, "paths": list, "reports": dict}
REPORTS = {"junit": str, "codequality": str}


def wrong_keys(where, given, known):
    for key, value in given.items():
        if key not in known:
            yield f"{where}: '{key}' is not known"
        elif not isinstance(value, known[key]):
            yield f"{where}: '{key}' is a {type(value).__name__}"


def gitlab(document):
    for name, value in document.pop("variables").items():
        if not isinstance(value, str):
            yield f"variable {name} is not a text"
    for name, job in document.items():
        artifacts = job.get("artifacts", {"reports": {}})
        yield from wrong_keys(name, job, KEYWORDS)
        yield from wrong_keys(name, artifacts, ARTIFACTS)
        yield from wrong_keys(name, artifacts["reports"], REPORTS)
        base = document.get(job.get("extends"), {})
        if job.get("extends") not in (None, *document):
            yield f"{name} extends nothing"
        if name[0] != "." and not {**base, **job}.get("script"):
            yield f"{name} has no script"
        for line in job.get("before_script", []) + job.get("script", []):
            if not isinstance(line, str):
                yield f"{name}: '{line}' is no command"


def commands(document, job):
    if "jobs" not in document:
        return [(line, False) for line in document[job]["script"]]
    return [(step["run"], step.get("if") == "always()")
            for step in document["jobs"][job]["steps"]
            if "run" in step and step["name"] != "Install"]


def as_script(steps):
    yield "status=0"
    for text, is_always in steps:
        guard = "true" if is_always else "[ $status -eq 0 ]"
        yield f"if {guard}; then (set -e\n{text}\n) || status=$?; fi"
    yield "exit $status"


with open(sys.argv[2], encoding="utf-8") as file:
    tree = yaml.safe_load(file)
if sys.argv[1] == "steps":
    print("\n".join(as_script(commands(tree, sys.argv[3]))))
else:
    errors = list(gitlab(tree))
    print("\n".join(errors))
    sys.exit(bool(errors))
