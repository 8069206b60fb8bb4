#!/bin/sh
# explored.sh [ITERATIONS [SEED]]: under explore too every scenario of the
# catalogue comes out as it should: the mistakes are seen, the repairs silent.
# By a number of iterations, so that the same seed gives the same result.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$SNAG" run '*' --engine explore --threads 2,4 --iterations "${1:-250}" \
	--seed "${2:-1}" --no-confirm --color never --out "$folder/out" \
	>"$folder/text" || {
	status=$?
	cat "$folder/text"
	exit "$status"
}
# Skipped is only what says that it is for stress.
python3 - "$folder/out/result.json" <<'END'
import json, sys
subjects = json.load(open(sys.argv[1]))["subjects"]
skipped = [s["id"] for s in subjects if s["verdict"] == "skipped"]
print(len(subjects), "scenarios; not for explore:", *skipped)
sys.exit(len(skipped) > 3 or len(subjects) < 100)
END
