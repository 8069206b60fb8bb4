# What Snag writes is what docs/*.schema.json promise.

setup_file() {
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null ||
		skip "python3-jsonschema is not installed"
}

# validate SCHEMA FILE...: each error with its place.
validate() {
	/usr/bin/python3 - "$SNAG_SOURCE_DIR/docs/$1.schema.json" "${@:2}" <<-'END'
		import json, sys
		from jsonschema import Draft202012Validator

		schema = json.load(open(sys.argv[1]))
		Draft202012Validator.check_schema(schema)
		bad = 0
		for path in sys.argv[2:]:
		    document = json.load(open(path))
		    for error in Draft202012Validator(schema).iter_errors(document):
		        place = "/".join(map(str, error.absolute_path))
		        print(f"{path}: {place}: {error.message[:300]}")
		        bad = 1
		sys.exit(bad)
	END
}

# changed PROGRAM: a good result, changed by a line of Python on `r`.
changed() {
	/usr/bin/python3 - "$golden/lost_update.json" "$1" \
		>"$BATS_TEST_TMPDIR/changed.json" <<-'END'
		import json, sys

		r = json.load(open(sys.argv[1]))
		exec(sys.argv[2])
		json.dump(r, sys.stdout)
	END
	run validate result "$BATS_TEST_TMPDIR/changed.json"
	[ "$status" -eq 1 ]
}

setup() {
	golden=$SNAG_SOURCE_DIR/tests/golden/text
	cd "$BATS_TEST_TMPDIR"
}

@test "the results of the golden reports are valid" {
	validate result "$golden"/*.json
}

@test "what report writes of them is valid too" {
	for file in "$golden"/*.json; do
		# Its exit code is the result's own.
		"$SNAG" report "$file" --format json >again.json || true
		validate result again.json
	done
}

@test "the result of a campaign is valid" {
	"$SNAG" run counter --engine stress --iterations 50 --threads 2 \
		--out out --quiet || [ $? -eq 1 ]
	validate result out/result.json
}

@test "the list is valid" {
	"$SNAG" list --format json >list.json
	validate list list.json
}

@test "the schema refuses what is not a result" {
	changed 'r["version"] = 2'
	changed 'r["exit"] = 4'
	changed 'del r["subjects"][0]["verdict"]'
	changed 'r["subjects"][0]["verdict"] = "clean"'
	changed 'r["subjects"][0]["runs"][0]["iterations"] = -1'
	changed 'r["findings"][0]["fingerprint"] = "x"'
	changed 'r["findings"][0]["kind"] = "race"'
	changed 'r["findings"][0]["accesses"][0]["op"] = "poke"'
	changed 'r["findings"][0]["causes"][0]["confidence"] = 2'
	changed 'r["findings"][0]["accesses"][0]["frames"][0]["offset"] = 12'
}
