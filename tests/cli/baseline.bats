# Known findings: kept in a file, and what a run makes of them.
load helper

# A race that nobody expects, in snag-out; further ARGs are the run's.
a_race() {
	faulty "$1" race --iterations 60 "${@:2}"
}

# known ARG...: as a_race, and taken into snag-baseline.json.
known() {
	a_race 1
	gives 0 baseline add snag-out --reason "a counter" "$@"
}

# baseline EXPRESSION...: of snag-baseline.json, as `it`; e: its first entry.
baseline() {
	holds snag-baseline.json "${@//e\[/it[\"entries\"][0][}"
}

# edit LINE: of Python, on the baseline `b` and its first entry `e`.
edit() {
	/usr/bin/python3 -c "
import json
b = json.load(open('snag-baseline.json'))
e = b['entries'][0] if b['entries'] else None
$1
json.dump(b, open('snag-baseline.json', 'w'))"
}

@test "what is added is known to the next run" {
	a_race 1
	gives 0 baseline add snag-out --reason "a counter" --owner alice \
		--link https://x/1 --expires 2999-12-31
	prints "added" "data race of race (faults.c:" \
		"snag-baseline.json: 1 added, 0 there already; 1 entry"
	baseline 'e["reason"] == "a counter"' 'e["owner"] == "alice"' \
		'all(s.startswith("race (") and s.endswith("hosts/faults.c)")
			for s in it["entries"][0]["sides"])' \
		'e["cause"] == "lost-update"' 'e["subject"] == "fault/race"'
	a_race 0 --baseline snag-baseline.json
	prints "known: data race of race" "is in the baseline" \
		"in the baseline until 2999-12-31: a counter (alice, https://x/1)" \
		"1 finding: 1 known; exit 0: nothing new"
	lacks out "earlier write of"
	result 's["verdict"] == "known"' 'it["exit"] == 0' \
		'findings[0]["standing"] == "known"'
	gives 0 report
	prints "1 finding: 1 known"
	gives 0 report --verbose
	prints "earlier write of" "standing known: in the baseline"
}

@test "adding again changes nothing" {
	known
	cp snag-baseline.json before
	gives 0 baseline add snag-out --reason "another reason"
	prints "there" "0 added, 1 there already; 1 entry"
	cmp before snag-baseline.json
}

@test "the same findings give the same bytes" {
	gives 1 run --host "$faults" --threads 2 --iterations 60 \
		fault/race fault/crash fault/abort
	gives 0 baseline add snag-out --reason r
	cp snag-baseline.json all
	rm snag-baseline.json
	for id in $(jq -r '.findings[].fingerprint' snag-out/result.json | tac); do
		gives 0 baseline add snag-out "${id:0:8}" --reason r
	done
	cmp all snag-baseline.json
}

@test "what is new fails, and stands before what is known" {
	known
	gives 1 run --host "$faults" --threads 2 --iterations 60 \
		--baseline snag-baseline.json fault/race fault/crash
	prints "standing new: the baseline does not have it" \
		"2 findings: 1 new, 1 known; exit 1"
	result 'sorted(f["standing"] for f in findings) == ["known", "new"]'
}

@test "the same places on other data are new, and it says so" {
	known
	edit 'e["families"] = ["0" * 32]'
	a_race 1 --baseline snag-baseline.json
	prints "standing new: the same places race on other data than the \
baseline's entry says"
	gives 0 baseline add snag-out --reason "the other one"
	prints "1 added" "2 entries"
	a_race 0 --baseline snag-baseline.json
}

@test "lines do not matter" {
	a_race 1
	/usr/bin/python3 -c "
import json
r = json.load(open('snag-out/result.json'))
for a in r['findings'][0]['accesses']:
    for frame in a['frames']:
        if 'line' in frame:
            frame['line'] += 100
json.dump(r, open('moved.json', 'w'))"
	gives 0 baseline add moved.json --reason r
	lacks snag-baseline.json '"line"' 229 329
	a_race 0 --baseline snag-baseline.json
}

@test "an entry that is past its day fails, and can be renewed" {
	known
	edit 'e["expires"] = "2020-02-29"'
	a_race 1 --baseline snag-baseline.json
	prints "expired: in the baseline until 2020-02-29, which is past: a \
counter" "1 finding: 1 expired; exit 1"
	result 'findings[0]["standing"] == "expired"'
	gives 1 baseline check
	prints "expired" "known until 2020-02-29: a counter" \
		"1 entry, 1 expired"
	gives 0 baseline add snag-out --reason "still there"
	prints "renewed" "0 added, 1 renewed"
	baseline 'len(it["entries"]) == 1' 'e["reason"] == "still there"' \
		'"expires" not in it["entries"][0]'
	a_race 0 --baseline snag-baseline.json
	gives 0 baseline check
}

@test "check says what results show, and keeps the day" {
	known
	edit 'b["entries"].append({"fingerprint": "f" * 32, "families": [],
		"reason": "gone", "kind": "data race"})'
	gives 0 baseline check snag-out
	prints "unseen ffffffffffff data race: never seen" \
		"2 entries, 0 expired, 1 seen, 1 not seen"
	baseline 'e["seen"] > "2020"' '"seen" not in it["entries"][1]'
	# Once more: nothing is written.
	touch -d 2020-01-01 snag-baseline.json
	gives 0 baseline check snag-out
	[ "$(stat -c %y snag-baseline.json | cut -c 1-4)" = 2020 ]
}

@test "prune removes what is gone, and nothing without evidence" {
	known
	edit 'b["entries"].append({"fingerprint": "f" * 32, "families": [],
		"reason": "gone", "kind": "data race", "subject": "fault/race"})
b["entries"].append({"fingerprint": "e" * 32, "families": [],
		"reason": "elsewhere", "kind": "hang", "subject": "other/one"})'
	cp snag-baseline.json before
	faulty 3 skip --out skipped
	gives 3 baseline prune skipped
	complains_once "'skipped' proves nothing" "nothing was tested"
	sed 's/"interrupted": false/"interrupted": true/' \
		snag-out/result.json >cut.json
	gives 3 baseline prune snag-out cut.json
	complains_once "'cut.json' proves nothing" "it was interrupted"
	cmp before snag-baseline.json
	gives 0 baseline prune snag-out
	prints "removed ffffffffffff data race: never seen" \
		"kept eeeeeeeeeeee" "tested its subject other/one" \
		"1 removed, 2 entries left"
	baseline 'len(it["entries"]) == 2'
	a_race 0 --baseline snag-baseline.json
	gives 2 baseline prune
	complains_once "name the RESULTs"
}

@test "suppressions become entries, where they match a finding" {
	a_race 1
	cat >tsan.supp <<-'END'
		# statistics only
		race:^race$
		race_top:nosuch

		race:faults.c
		mutex:race
		called_from_lib:libx
	END
	gives 0 baseline import tsan.supp --owner bob
	prints "added" "tsan.supp:2, race:^race$" \
		"tsan.supp:3, race_top:nosuch: cannot be turned into an \
entry: it matches no finding; it stays a suppression" \
		"tsan.supp:6, mutex:race: cannot" \
		"tsan.supp:7, called_from_lib:libx: cannot be turned into an \
entry: it acts before there is a report"
	lacks out "tsan.supp:5"
	baseline 'e["reason"] == "statistics only"' 'e["owner"] == "bob"' \
		'len(it["entries"]) == 1'
	a_race 0 --baseline snag-baseline.json
}

@test "a suppression file that would end every program is refused" {
	a_race 1
	printf 'race:a\n\njunk\n' >tsan.supp
	gives 2 baseline import tsan.supp
	complains_once "tsan.supp:3: 'junk' is not TYPE:PATTERN"
	[ ! -e snag-baseline.json ]
	gives 2 baseline import
	complains_once "name a suppression file"
	gives 2 baseline import nosuch
	complains_once "cannot read 'nosuch'"
}

@test "a baseline that is malformed is refused before anything runs" {
	known
	rm -r snag-out
	refused() {
		gives 2 run --host "$faults" fault/race \
			--baseline snag-baseline.json
		complains_once "$@"
		gives 2 baseline check
		complains_once "$@"
		[ ! -e snag-out ] || fail "something was run"
	}
	cp snag-baseline.json good
	edit 'b["entries"].append(e)'
	refused "entry 2: it says again what entry 1 says"
	cp good snag-baseline.json
	edit 'e["reason"] = " "'
	refused "entry 1: it does not say its reason"
	cp good snag-baseline.json
	edit 'b["fingerprint_version"] = 7'
	refused "fingerprints of version 7" "snag baseline add"
	cp good snag-baseline.json
	edit 'e["expires"] = "soon"'
	refused "entry 1: expires 'soon' is not a day"
	printf '<<<<<<< HEAD\n{}' >snag-baseline.json
	refused "'snag-baseline.json' is not JSON"
	rm snag-baseline.json
	refused "cannot read 'snag-baseline.json'"
}

@test "what add cannot take is refused, and no file is made" {
	a_race 1
	refused() {
		gives 2 baseline add "${@:2}"
		complains_once "$1"
		[ ! -e snag-baseline.json ] || fail "a file was made"
	}
	refused "say with --reason why" snag-out
	refused "say with --reason why" snag-out --reason ' '
	refused "name a RESULT" --reason r
	refused "no finding in 'snag-out' begins with 00000000" \
		snag-out 00000000 --reason r
	refused "'xyz' is not the first 4 or more digits" \
		snag-out xyz --reason r
	refused "--expires 'soon' is not a day" snag-out --reason r \
		--expires soon
	refused "--expires 2020-01-01 is past" snag-out --reason r \
		--expires 2020-01-01
	refused "cannot read 'nosuch'" nosuch --reason r
	gives 2 baseline
	prints "Usage: snag baseline add|check|prune|import"
	gives 2 baseline prun
	complains_once "did you mean 'prune'?"
	gives 0 help baseline
	prints "import"
	gives 3 baseline add snag-out --reason r --baseline nosuch/file
	complains_once "cannot write 'nosuch/file'"
}

@test "--fail-on and --fail-cause say what fails" {
	known
	a_race 1 --baseline snag-baseline.json --fail-on any
	prints "earlier write of" "1 finding: 1 known; exit 1"
	a_race 0 --fail-on never
	prints "UNEXPECTED" "exit 0: what was found does not fail"
	a_race 0 --fail-cause deadlock,use-after-free
	prints "is of a cause that is not among those that fail"
	a_race 1 --fail-cause lost-update
	# A crash is no report.
	faulty 1 crash --iterations 60 --fail-on never
	gives 2 run --fail-on sometimes
	complains_once "--fail-on 'sometimes' is none of: new, any, never"
	gives 2 run --fail-cause deadlock,lost-updat
	complains_once "'lost-updat' is no cause; did you mean lost-update?"
}

@test "--until-fail does not stop for what is known" {
	known
	a_race 0 --baseline snag-baseline.json --until-fail
	result 'iterations == 60'
}

@test "tricks in a result do not reach the terminal or the baseline" {
	a_race 1
	/usr/bin/python3 -c "
import json
it = json.load(open('snag-out/result.json'))
for a in it['findings'][0]['accesses']:
    for frame in a['frames']:
        frame['function'] = 'f\x1b[31m\n\x07\u202e</script>\"'
json.dump(it, open('tricky', 'w'))"
	gives 0 baseline add tricky --reason $'why\e[31m \xff' --owner $'a\eb'
	lacks out $'\e' $'\a' $'\u202e'
	lacks snag-baseline.json $'\e' $'\a' $'\u202e' 'u001b'
	gives 0 baseline check tricky
	lacks out $'\e' $'\a' $'\u202e'
}
