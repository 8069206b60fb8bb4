#!/bin/sh
# verdicts.sh [SECONDS [SEED]]: every scenario of the catalogue comes out as it
# should, and the classifier names what each broken one requires.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$SNAG" run '*' --threads 2,8 --time "${1:-60}s" --seed "${2:-1}" \
	--color never --out "$folder/out" >"$folder/text" || {
	status=$?
	cat "$folder/text"
	exit "$status"
}
"$SNAG_SOURCE_DIR/tests/tools/causes.py" "$folder/out/result.json"
