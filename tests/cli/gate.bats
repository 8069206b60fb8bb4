# snag gate, over the suite of tests/ctest: built and run once with Snag and
# once without, for all the tests of this file.
load helper

built=$BATS_FILE_TMPDIR
actor=$built/with/actor
evidence=$built/with/evidence

# configure FOLDER [OPTION...]: the suite, built there.
configure() {
	local cc gtest=OFF

	cc=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' \
		"$SNAG_BUILD_DIR/CMakeCache.txt")
	[ ! -e /usr/include/gtest/gtest.h ] || gtest=ON
	cmake -S "$SNAG_SOURCE_DIR/tests/ctest" -B "$1" -G Ninja \
		"-DCMAKE_C_COMPILER=$cc" \
		"-DCMAKE_CXX_COMPILER=${cc/clang/clang++}" \
		-DWITH_GTEST=$gtest "${@:2}"
	cmake --build "$1"
}

# run_suite FOLDER [OPTION...]: its tests; what ctest says is in ctest.out.
run_suite() {
	(cd "$1" && ctest -j4 "${@:2}" >ctest.out 2>&1) || true
}

setup_file() {
	unset TSAN_OPTIONS
	{
		configure "$built/without"
		configure "$built/with" "-DSNAG_EXECUTABLE=$SNAG" \
			"-DSNAG_COLLECT=$built/with/evidence" \
			-DSNAG_COLLECT_COMMANDS=ON
		# What programs leave that are asked for their tests.
		rm -rf "$built/with/evidence"
		run_suite "$built/without"
		run_suite "$built/with"
	} >"$built/log" 2>&1 </dev/null 3>&- || {
		tail -n 50 "$built/log"
		return 1
	}
	# As ctest left it, for tests that change it.
	cp -r "$built/with/Testing" "$built/testing"
}

teardown_file() {
	touch "$built/with/done" "$built/without/done"
}

# came_to FOLDER: each test of the suite and what came of it, "ok-1: Passed".
came_to() {
	sed -nE 's|^ *[0-9]+/[0-9]+ Test +#[0-9]+: (.*[^.]) \.+[ *]*([A-Z].*[^ ]) +[0-9.]+ sec$|\1: \2|p' \
		"$1/ctest.out" | sort
}

# Names of the subjects with that verdict, in order, in one line.
with_verdict() {
	jq -r --arg v "$1" '[.subjects[] | select(.verdict == $v) | .id] |
		join(" ")' snag-out/result.json
}

# is TEXT TEXT
is() {
	[ "$1" = "$2" ] || fail "'$1' is not '$2'"
}

# collect DIR PROGRAM [ARG...]: one test is run, and its evidence is in DIR.
collect() {
	local dir=$1

	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	shift
	"${tool[@]}" exec --collect "$dir" -- "$@" >/dev/null 2>&1 </dev/null \
		3>&- || true
}

# evidence_of COMMAND DIR: what the suite left of that, copied.
evidence_of() {
	mkdir -p "$2"
	grep -lZF "\"command\": \"$1\"" "$evidence"/*.json |
		xargs -0 -I '{}' cp '{}' "$2"
}

# why ID TEXT: what the result says of that subject.
why() {
	result "$(printf '"%s" in {s["id"]: s["why"] for s in it["subjects"]}["%s"]' \
		"$2" "$1")"
}

@test "every test of a suite comes to the same with Snag and without" {
	came_to "$built/without" >without
	came_to "$built/with" >with
	diff without with
	[ "$(wc -l <with)" -gt 50 ] || fail "only $(wc -l <with) tests"
	grep -Fqx 'time-out: Timeout' with
	grep -Fqx 'will-fail-by-signal: Subprocess aborted***Exception:' with
	grep -Fqx 'will-fail: Passed' with
	grep -Fqx 'skips: Skipped' with
	grep -Fqx 'race: Failed' with
	grep -Fqx 'race-unseen: Passed' with
	grep -Fqx 'disabled: Not Run (Disabled)' with
}

@test "all of a suite is one result, by ctest's names, and a race fails it" {
	gives 1 gate "$evidence" --ctest "$built/with"
	is "$(with_verdict new)" "race race-again race-that-will-fail \
race-unseen race-and-time-out daemon script-race"
	is "$(with_verdict error)" "time-out never-on-stage disabled \
script-replaces shell old-form not-instrumented"
	result 'it["exit"] == 1' 'kinds == ["data race"]' \
		'findings[0]["subject"] == "race"' \
		'findings[0]["causes"][0]["cause"] == "lost-update"' \
		'findings[0]["count"] == 7' \
		'len([s for s in it["subjects"] if s["verdict"] == "clean"]) > 35'
	prints "race-that-will-fail test 1 data race" \
		"note: ctest says that" "of its last run failed"
	is_empty err
}

@test "only targets are launched unless all is asked for" {
	cc=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' \
		"$SNAG_BUILD_DIR/CMakeCache.txt")
	cmake -S "$SNAG_SOURCE_DIR/tests/ctest" -B some -G Ninja \
		"-DCMAKE_C_COMPILER=$cc" "-DSNAG_EXECUTABLE=$SNAG" \
		-DSNAG_COLLECT=here >configured 2>&1
	grep -q "ok-1.*\"$SNAG\" \"exec\" \"--collect\" .*/actor" \
		some/CTestTestfile.cmake
	mkdir none
	gives 3 gate none --ctest some
	why ok-1 "ctest finds no program for it: was it built?" ||
		why ok-1 "ctest has not run here"
	why script "it is not launched through"
}

@test "ctest's log of its last run is still there" {
	gives 1 gate "$evidence" --ctest "$built/with" -q
	grep -q 'Testing: race-that-will-fail' \
		"$built/with/Testing/Temporary/LastTest.log"
}

@test "a test that was killed is an error, unless it raced before" {
	gives 1 gate "$evidence" --ctest "$built/with" -v
	result '[s["why"] for s in it["subjects"]
		 if s["id"] == "time-out"][0].startswith("it had not ended")' \
		'[s["runs"][0]["findings"][0]["hits"] for s in it["subjects"]
		  if s["id"] == "race-and-time-out"] == [1]'
}

@test "processes that outlive their test are read when it is judged" {
	gives 1 gate "$evidence" --ctest "$built/with"
	result 'any("went on" in n for s in it["subjects"]
		    if s["id"] == "daemon" for n in s["notes"])'
}

@test "a test without evidence is named with the reason, and not green" {
	evidence_of "$actor word 1" left
	gives 3 gate left --ctest "$built/with"
	is "$(with_verdict clean)" "ok-1"
	result 'it["verdict"] == "error"' 'it["exit"] == 3'
	why disabled "it is DISABLED, so it did not run"
	why never-on-stage "for want of a fixture"
	why race "though ctest started it"
	prints "disabled test - - - ERROR"
}

@test "a test that ctest left out is told from one that it ran" {
	evidence_of "$actor word 1" left
	run_suite "$built/with" -R '^(ok-1|fails)$'
	gives 3 gate left --ctest "$built/with"
	why ok-2 "not among the tests of ctest's last run"
	why fails "though ctest started it"
	prints "ctest says that 1 test of its last run failed"
	# One that fails no test leaves the list of those that failed before.
	run_suite "$built/with" -R '^ok-1$'
	gives 3 gate left --ctest "$built/with"
	lacks out "ctest says"
	rm -rf "$built/with/Testing"
	gives 3 gate left --ctest "$built/with"
	why ok-2 "ctest has not run here"
	cp -r "$built/testing" "$built/with/Testing"
}

@test "what may be missing is allowed by name, and never all of it" {
	evidence_of "$actor word 1" left
	gives 3 gate left --ctest "$built/with" -q --allow-missing 'ok-*'
	gives 0 gate left --ctest "$built/with" --allow-missing '*'
	is "$(with_verdict clean)" "ok-1"
	why disabled "so it did not run; --allow-missing '*' allows it"
	mkdir none
	gives 3 gate none --ctest "$built/with" --allow-missing '*'
	result 'it["verdict"] == "skipped"'
	gives 0 gate left --ctest "$built/with" --allow-missing '*' \
		--allow-missing 'nosuch-*'
	prints "--allow-missing 'nosuch-*' allows nothing that is missing"
}

@test "without ThreadSanitizer it is an error, unless allowed" {
	collect left "$built/with/plain"
	collect left "$actor" word 1
	gives 3 gate left
	is "$(with_verdict error)" "$built/with/plain"
	prints "ThreadSanitizer did not start with our options in any process"
	gives 0 gate left --allow-missing '*/plain'
	is "$(with_verdict skipped)" "$built/with/plain"
	# A race is a fact, whatever is allowed.
	collect left "$actor" race
	gives 1 gate left --allow-missing '*'
}

@test "options that do not arrive are noticed" {
	collect left "$SNAG_SOURCE_DIR/tests/ctest/script.sh" replace \
		"$actor" race
	gives 3 gate left
	prints "or it replaces TSAN_OPTIONS"
}

@test "nothing is no evidence" {
	mkdir none
	gives 3 gate none
	complains_once "there is no evidence in 'none'"
	prints "exit 3: nothing was tested"
	gives 2 gate nosuch
	complains "cannot read 'nosuch'"
	gives 2 gate
	complains_once "what is to be judged?"
}

@test "attempts of one test are one subject, and none hides a finding" {
	local once="test -e \"once\" || { touch once; exec $actor race; }
exec $actor word again"

	for _ in 1 2 3; do
		collect left sh -c "$once"
	done
	gives 1 gate left
	result 'len(it["subjects"]) == 1' 's["verdict"] == "new"' \
		'[x["attempt"] for x in s["sources"]] == [1, 2, 3]' \
		'iterations == 3' 'runs[0]["findings"][0]["hits"] == 1' \
		'runs[0]["findings"][0]["first"] == 1' \
		'0.06 < runs[0]["findings"][0]["low"] < 0.07' \
		'count("") == 2' 'count("exit 66") == 1'
}

@test "an attempt that was cut short is made good by another, and told" {
	collect left "$actor" word x
	collect left "$actor" word x
	one=$(printf '%s\n' left/*.json | head -n 1)
	sed -i 's/"verdict": "none",/"verdict": "error", "why": "cut short",/
		s/"iterations": 1,/"iterations": 0,/' "$one"
	gives 0 gate left
	prints "note: one of 2 attempts: cut short"
	rm "$(printf '%s\n' left/*.json | tail -n 1)"
	gives 3 gate left
}

@test "tests with other folders and variables are other tests" {
	mkdir a b
	(cd a && collect ../left "$actor" word x)
	(cd b && collect ../left "$actor" word x)
	gives 0 gate left
	result 'len(it["subjects"]) == 2' \
		's["id"] != it["subjects"][1]["id"]'
}

@test "shards and results of other commands are united" {
	for seed in 1 2; do
		gives 0 run counter/lost_update --iterations 40 --threads 2 \
			--seed $seed --out "shard$seed" -q
	done
	collect left "$actor" word x
	gives 0 gate shard1 shard2/result.json left
	result 's["id"] == "counter/lost_update"' 's["expect"] == "broken"' \
		's["verdict"] == "as-expected"' 'len(s["sources"]) == 2' \
		'len(s["runs"]) == 1' 's["runs"][0]["iterations"] == 80' \
		'len(it["subjects"]) == 2' 'findings[0]["causes"]'
	gives 1 exec --out programs -q -- "$actor" race
	gives 1 gate shard1 programs left --out all
	holds all/result.json 'len(it["subjects"]) == 3' \
		'{s["type"] for s in it["subjects"]} ==
			{"scenario", "program", "test"}'
	# A gate of gates.
	gives 1 gate all snag-out --out more
	holds more/result.json 'len(it["subjects"]) == 3' \
		's["runs"][0]["iterations"] == 120'
}

@test "files that cannot be read are named, and the others judged" {
	collect left "$actor" race
	race=$(printf '%s\n' left/*.json)
	head -c 300 "$race" >left/cut.json
	echo '{"format":"snag-list","version":1}' >left/foreign.json
	printf '\033[2J\377\0' >left/bytes.json
	: >left/empty.json
	mkfifo left/fifo.json
	mkdir left/folder.json left/alone.logs left/strange.logs
	ln -s nosuch left/link.json
	ln -s / left/root.logs
	ln -s /dev/zero left/alone.logs/tsan.1
	mkfifo left/alone.logs/tsan.2
	echo '{"format":"snag-result","version":1,"exit":0,"verdict":"none",
		"findings":[],"subjects":[]}' >left/strange.json
	python3 -c 'print("[" * 100000)' >left/deep.json
	gives 1 gate left
	for name in cut foreign bytes empty fifo folder link deep alone; do
		complains "left/$name"
	done
	result 'len([s for s in it["subjects"] if s["verdict"] == "new"]) == 1'
	is "$(with_verdict error)" \
		"alone bytes cut deep empty fifo folder foreign link root strange"
	rm "$race"
	gives 3 gate left
	rm -r left/[a-eg-z]*
	collect left "$actor" word x
	gives 3 gate left
	# Named by somebody, it is asked wrongly.
	collect good "$actor" word x
	gives 2 gate good left/foreign.json
	complains "not a file of format snag-result"
	gives 0 gate good
}

@test "whatever a log of a killed test holds is no danger" {
	collect left "$actor" race
	json=$(printf '%s\n' left/*.json)
	logs=${json%.json}.logs
	mkdir "$logs"
	{
		printf '==================\nWARNING: ThreadSanitizer: data race '
		printf '(pid=1)\n  Write of size 4 at 0x1 by thread T1:\n'
		printf '    #0 \033]0;x\a</script>\377 /x/"y.c:3 (m+0x1)\n'
	} >"$logs/tsan.7"
	head -c 100000 /dev/urandom >"$logs/tsan.8"
	gives 1 gate left
	result 'len(findings) >= 1'
}

@test "a folder that cannot be written changes no test, and is noticed" {
	mv "$evidence" "$evidence.kept"
	: >"$evidence"
	run_suite "$built/with" -R '^(will-fail|ok-1|says-it|fails)$'
	came_to "$built/with" >unwritten
	rm "$evidence"
	mv "$evidence.kept" "$evidence"
	is "$(tr '\n' ' ' <unwritten)" \
		"fails: Failed ok-1: Passed says-it: Passed will-fail: Passed "
	mkdir none
	gives 3 gate none --ctest "$built/with"
	why will-fail "the folder of --collect could not be written"
	rm -rf "$built/with/Testing"
	cp -r "$built/testing" "$built/with/Testing"
}

@test "a result that was interrupted is not whole" {
	collect left "$actor" word x
	sed -i 's/"interrupted": false/"interrupted": true/' left/*.json
	gives 3 gate left
	complains_once "was interrupted: some of it did not run"
}

@test "what is judged is not written over" {
	collect left "$actor" word x
	gives 2 gate left --out left
	complains_once "name another folder with --out"
	gives 2 gate left/*.json --out ./left
	gives 0 gate left -q
	gives 2 gate snag-out
	gives 2 gate left --ctest left
	complains "is no build folder with tests"
}

@test "tests that gtest_discover_tests finds are known by their names" {
	[ -e /usr/include/gtest/gtest.h ] || skip "libgtest-dev is missing"
	gives 1 gate "$evidence" --ctest "$built/with"
	for mode in POST_BUILD PRE_TEST; do
		for name in Quiet.Adds Quiet.JoinsFirst Loud.Fails; do
			why "$mode.$name" ""
		done
	done
}

@test "a program that is called like another test is not that test's" {
	local ends=$SNAG_BUILD_DIR/programs/ends_thread

	printf 'add_test(%s "%s" "exec" "--collect" "dir" "--" %s)\n' \
		sh "$SNAG" "\"$ends\" \"clean\"" \
		other "$SNAG" "\"sh\" \"-c\" \"$ends race\"" >CTestTestfile.cmake
	collect dir sh -c "$ends race"
	gives 1 gate dir --ctest .
	is "$(with_verdict new)" other
	is "$(with_verdict error)" sh
}
