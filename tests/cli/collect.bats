#!/usr/bin/env bats
# snag exec --collect: one test of a suite, as if nobody watched.

load helper

ends=$SNAG_BUILD_DIR/programs/ends_thread

# same END...: with and without Snag it is the same, to the byte.
same() {
	local with=0 without=0

	"$ends" "$@" >out1 2>err1 </dev/null || without=$?
	"${tool[@]}" exec --collect dir -- "$ends" "$@" \
		>out2 2>err2 </dev/null 3>&- || with=$?
	[ "$with" -eq "$without" ] || fail "$*: $with, not $without"
	cmp out1 out2 || fail "$*: other output"
	# Addresses and process numbers are nobody's promise.
	cmp <(plain err1) <(plain err2) || fail "$*: other errors"
}

plain() {
	sed -E 's/0x[0-9a-f]+/ADDRESS/g; s/(pid=|tid=|==|T)[0-9]+/\1N/g' "$1"
}

collected() {
	holds "$(echo dir/*.json)" "$@"
}

@test "a clean test is clean" {
	same clean
	collected 's["type"] == "test"' 'not findings' 'count("") == 1'
	[ ! -e dir/*.logs ] || fail "its folder of reports is left"
}

@test "a race: the report goes to stderr, the status is ThreadSanitizer's" {
	same race
	collected 'kinds == ["data race"]' 'count("exit 66") == 1'
}

@test "a bad exit stays as it is" {
	same fail
	collected 'count("exit 3") == 1' \
		'all(o["grade"] == "none" for r in runs for o in r["outcomes"])'
}

@test "a test that is killed is seen so by its caller" {
	same kill
	collected 'count("signal SIGKILL") == 1'
}

@test "the user's own log_path gets the reports" {
	mkdir logs
	TSAN_OPTIONS=exitcode=7:log_path=$PWD/logs/mine \
		gives 7 exec --collect dir -- "$ends" race
	is_empty err
	grep -q 'WARNING: ThreadSanitizer: data race' logs/mine.* ||
		fail "the user's log is not filled"
}

@test "what goes on after the test leaves its reports unread" {
	gives 0 exec --collect dir -- "$ends" daemon
	pkill -KILL -f "$ends daemon"
	[ -d dir/*.logs ] || fail "its folder of reports is gone"
	collected '"went on when it had ended" in s["notes"][0]'
}

@test "a test that is killed with Snag leaves that it began" {
	start exec --collect dir -- "$ends" spin
	for _ in {1..200}; do
		[ -e dir/*.json ] && [ -n "$(processes | grep ends_)" ] && break
		sleep 0.05
	done
	kill -KILL "$pid"
	wait "$pid" || true
	collected 's["verdict"] == "error"' '"had not ended" in s["why"]'
}

@test "a signal to Snag reaches the test" {
	start exec --collect dir -- "$ends" spin
	for _ in {1..200}; do
		[ -n "$(processes | grep ends_)" ] && break
		sleep 0.05
	done
	sleep 0.5
	kill -TERM "$pid"
	ends 143
	collected 'count("signal SIGTERM") == 1'
}

@test "a folder that cannot be written changes nothing for the test" {
	: >dir
	gives 3 exec --collect dir -- "$ends" fail
	prints "to stdout"
	complains "cannot make folder '" "Not a directory" "to stderr:"
}

@test "tests side by side do not meet" {
	for _ in {1..12}; do
		"${tool[@]}" exec --collect dir -- "$ends" clean 3>&- &
	done
	wait
	[ "$(find dir -name '*.json' | wc -l)" -eq 12 ] ||
		fail "not one result each"
}

@test "signals that its caller ignores or blocks are the test's too" {
	local code=0

	env --ignore-signal=PIPE --ignore-signal=CHLD --block-signal=USR1 \
		"${tool[@]}" exec --collect dir -- \
		env --list-signal-handling true 2>err 3>&-
	has err "USR1 (10): BLOCK" "PIPE (13): IGNORE" "CHLD (17): IGNORE"
	env --ignore-signal=CHLD "${tool[@]}" exec --collect dir -- \
		"$ends" fail >out 2>err 3>&- || code=$?
	[ "$code" -eq 3 ] || fail "code $code"
	holds "$(grep -l 'ends.* fail' dir/*.json)" 'count("exit 3") == 1'
}

@test "a daemon that the test ends is gone, and no zombie" {
	cat >stop <<-'END'
		#!/bin/sh
		(setsid sleep 600 & echo $! >pid)
		kill "$(cat pid)"
		for i in 1 2 3 4 5 6 7 8 9 10; do
			kill -0 "$(cat pid)" 2>/dev/null || exit 0
			sleep 0.1
		done
		exit 5
	END
	chmod +x stop
	gives 0 exec --collect dir -- ./stop
}

@test "an option that would do nothing is refused" {
	for option in "--timeout=1s" "--success=7" "--suppressions=file" \
		"--fail-on=never" "--no-config" "--jobs=2"; do
		gives 2 exec --collect dir "$option" -- "$ends" clean
		complains_once "--collect takes"
	done
	[ ! -e dir ] || fail "something was collected"
}

@test "a test is not run once more when its evidence cannot be kept" {
	cat >vandal <<-'END'
		#!/bin/sh
		echo >>"$1/runs"
		rm -rf "$1/dir"
		exit 3
	END
	chmod +x vandal
	gives 3 exec --collect dir --runs 2 -- ./vandal "$PWD"
	[ "$(wc -l <runs)" -eq 1 ] || fail "it ran $(wc -l <runs) times"
	complains "cannot write '"
}

@test "with log_path=stdout the reports go there" {
	TSAN_OPTIONS=log_path=stdout gives 66 exec --collect dir -- "$ends" race
	is_empty err
	prints "WARNING: ThreadSanitizer: data race"
}

@test "own frames are those that --plumbing leaves, as without --collect" {
	local stacks=$SNAG_BUILD_DIR/programs/stacks_thread

	fingerprint() {
		jq -r '.findings[] | select(.kind == "data race").fingerprint' \
			"$1"
	}
	gives 1 exec -q --plumbing touch -- "$stacks"
	gives 66 exec --collect dir --plumbing touch -- "$stacks"
	gives 66 exec --collect other -- "$stacks"
	[ "$(fingerprint dir/*.json)" = "$(fingerprint snag-out/result.json)" ] ||
		fail "another fingerprint than without --collect"
	[ "$(fingerprint dir/*.json)" != "$(fingerprint other/*.json)" ] ||
		fail "--plumbing does nothing"
}
