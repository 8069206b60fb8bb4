# What there is to run.
load helper

# ids ARG...: of `snag list ARG...`, a line each.
ids() {
	gives 0 list "$@" --format json
	/usr/bin/python3 -c '
import json, sys
for s in json.load(open("out"))["scenarios"]:
    print(s["id"])'
}

@test "the list as text, one line a scenario and a sum" {
	gives 0 list
	prints "counter/lost_update broken several threads increment" \
		"scenarios: " " blind (broken, and invisible"
	n=$(ids | wc -l)
	gives 0 list
	[ "$(grep -c '^[a-z_]*/[a-z0-9_]* ' out)" -eq "$n" ]
	prints "$n scenarios: "
}

@test "the list as JSON is what docs/ promises" {
	gives 0 list --format json
	is_empty err
	holds out 'it["format"] == "snag-list"' 'len(it["scenarios"]) >= 70'
}

@test "the list as Markdown, one row a scenario" {
	n=$(ids | wc -l)
	gives 0 list --format markdown
	[ "$(wc -l <out)" -eq $((n + 2)) ]
	[ "$(grep -c '^| [a-z_]*/[a-z0-9_]* | \(clean\|broken\|blind\) | ' \
		out)" -eq "$n" ]
	# As many cells in each row as in the head.
	[ "$(sed 's/\\|//g; s/[^|]//g' out | sort -u | wc -l)" -eq 1 ]
}

@test "the catalogue is large, and the broken are repaired" {
	gives 0 list --format json
	holds out \
		'sum(s["expect"] != "clean" for s in it["scenarios"]) >= 30' \
		'sum(s["expect"] == "blind" for s in it["scenarios"]) >= 3' \
		'not ({s["id"] for s in it["scenarios"]
			if s["expect"] != "clean"}
		      - {s.get("repairs") for s in it["scenarios"]
			if s["expect"] == "clean"})' \
		'not ({s["repairs"] for s in it["scenarios"]
			if s.get("repairs")}
		      - {s["id"] for s in it["scenarios"]
			if s["expect"] != "clean"})'
}

@test "every practice is followed by a clean scenario" {
	for practice in immutable thread-safe-collection partition executor \
		message-passing locking atomics lifetime; do
		gives 0 list "@practice:$practice" --format json
		holds out 'any(s["expect"] == "clean"
				for s in it["scenarios"])' \
			"all(s['practice'] == '$practice'
				for s in it['scenarios'])"
	done
}

@test "every family of the sources is in the list, and every one told of" {
	ids | cut -d / -f 1 | sort -u >listed
	find "$SNAG_SOURCE_DIR/scenarios" -mindepth 2 -name '*.c' -printf '%h\n' |
		sed 's,.*/,,' | sort -u >sources
	diff sources listed
	for family in check_then_act config counter executor fd flag libc \
		lifetime list lock lockfree message mutex partition pipeline \
		publish queue signal; do
		grep -qx "$family" listed || fail "no family $family"
	done
}

@test "no id twice, and each names its file and line" {
	[ -z "$(ids | sort | uniq -d)" ]
	gives 0 list --format json
	holds out 'all(s["file"].startswith("scenarios/") and s["line"] > 0
			for s in it["scenarios"])'
}

@test "a family, a glob and an id select" {
	ids queue >family
	ids 'queue/*' >glob
	diff family glob
	[ "$(wc -l <family)" -ge 5 ]
	! grep -v '^queue/' family || fail "others are in it"
	[ "$(ids counter/lost_update)" = counter/lost_update ]
	[ "$(ids 'count*/lost_*')" = counter/lost_update ]
}

@test "a tag, a practice and an expectation select" {
	gives 0 list @atomics --format json
	holds out 'all("atomics" in s["tags"] for s in it["scenarios"])' \
		'len(it["scenarios"]) >= 2'
	gives 0 list @expect:blind --format json
	holds out 'all(s["expect"] == "blind" for s in it["scenarios"])'
	gives 0 list @practice:partition --format json
	holds out 'all(s["practice"] == "partition"
			for s in it["scenarios"])'
}

@test "several filters unite, in the order of the list" {
	ids counter queue >both
	ids queue counter >turned
	diff both turned
	{ ids counter && ids queue; } | sort >sum
	sort both | diff sum -
	ids counter counter/lost_update >once
	ids counter | diff once -
}

@test "the list of another host" {
	gives 0 list --host "$faults"
	prints "fault/crash" "writes to address 8"
	lacks out "counter/lost_update"
}
