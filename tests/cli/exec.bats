#!/usr/bin/env bats
# snag exec: any program that is built with ThreadSanitizer.

load helper

ends=$SNAG_BUILD_DIR/programs/ends_thread

# exec_gives CODE END ARG...: of the program that ends so.
exec_gives() {
	gives "$1" exec --color never "${@:3}" -- "$ends" "$2"
}

no_private_folder_is_left() {
	[ -z "$(ls "$TMPDIR")" ] || fail "a folder is left"
}

@test "a clean program is clean, and the bound is said" {
	mkdir tmp
	export TMPDIR=$PWD/tmp
	exec_gives 0 clean --runs 20
	prints "clean" "20 runs"
	result 's["type"] == "program"' 's["verdict"] == "clean"' \
		'iterations == 20' 'count("") == 20' 'not findings'
	no_private_folder_is_left
}

@test "a race is new, and its place and cause are said" {
	exec_gives 1 race --runs 5
	prints "data race of bump_shared (ends.c:" "NEW" \
		"cause lost-update" "global 'shared'"
	result 'iterations == 5' 'kinds == ["data race"]' \
		'runs[0]["findings"][0]["hits"] == 5' \
		'findings[0]["causes"][0]["cause"] == "lost-update"'
}

@test "two races of one run are two findings" {
	exec_gives 1 race2 --runs 2
	result 'len(findings) == 2' 'kinds == ["data race", "data race"]'
}

@test "a bad exit is a failure, with the last words" {
	exec_gives 1 fail --runs 2
	prints "exit 3" "printed last" "to stderr:"
	lacks out $'\033'
	grep -q 'to stdout' snag-out/output/run-1.stdout ||
		fail "stdout is not kept"
	result 's["verdict"] == "failed"' 'count("exit 3") == 2'
}

@test "an exit status can be declared good" {
	exec_gives 0 fail --success 77,3
	result 's["verdict"] == "clean"' 'count("exit 3") == 1'
}

@test "a bad exit is seen by whom SIGCHLD was ignored for, too" {
	local code=0

	env --ignore-signal=CHLD "${tool[@]}" exec -- "$ends" fail \
		>out 2>err </dev/null 3>&- || code=$?
	[ "$code" -eq 1 ] || fail "code $code"
	result 'count("exit 3") == 1'
}

@test "a crash is a failure, with its place" {
	exec_gives 1 crash
	prints "crash in crash (ends.c:"
	result 'count("@crash") == 1' 's["verdict"] == "failed"'
}

@test "a failed assertion is told from a crash" {
	exec_gives 1 assert
	prints "abort in" "Assertion"
	result 'count("@abort") == 1'
}

@test "a deadlock is seen at once, with the stacks of its threads" {
	exec_gives 1 deadlock --timeout 60s
	prints "deadlock" "take_first" "take_second"
	result 'count("@deadlock") == 1' 'it["duration_ms"] < 50000' \
		'{"take_first", "take_second"} <= set(frames)'
}

@test "what does not end in time is a hang, with its stack" {
	exec_gives 1 spin --timeout 1s
	prints "hang in spin"
	result 'count("@hang") == 1'
}

@test "a program that is killed from outside says by what" {
	exec_gives 1 kill
	result 'count("signal SIGKILL") == 1'
}

@test "reports of a forked child are collected" {
	exec_gives 1 child
	prints "data race of bump_shared"
	result 'kinds == ["data race"]' 'count("") == 1'
}

@test "a daemon is ended, and noted" {
	exec_gives 0 daemon --runs 2
	prints "2 runs left processes behind"
}

@test "a program that closes its streams still reports" {
	exec_gives 1 closed
	prints "data race of bump_shared"
}

@test "what is printed without end is kept in part" {
	exec_gives 1 print
	[ "$(wc -c <snag-out/output/run-1.stdout)" -lt 200000 ] ||
		fail "all of it was kept"
	grep -q 'bytes left out' snag-out/output/run-1.stdout ||
		fail "it is not said that something is missing"
}

@test "what a program writes over its reports does no harm" {
	gives 1 exec --color never -- "$ends" scribble ||
		gives 0 exec --color never -- "$ends" scribble
	result 'iterations == 1'
}

@test "a report by a process with options of its own is read all the same" {
	exec_gives 1 options
	result 'kinds == ["data race"]' 's["verdict"] == "new"'
}

@test "each run has a TMPDIR of its own, which is gone afterwards" {
	exec_gives 0 place --runs 2 --success 5
	result 'count("exit 5") == 2'
}

@test "a script is run, and its programs are seen" {
	printf '#!/bin/sh\n%q clean\n%q race\n' "$ends" "$ends" >script
	chmod +x script
	gives 1 exec ./script
	result 'kinds == ["data race"]'
}

@test "a program that is not instrumented is said to be so before, and fails" {
	gives 3 exec --runs 50 -- "${ends%_thread}_plain" clean
	complains "is not built with -fsanitize=thread"
	prints "ThreadSanitizer did not start" "1 run "
	result 's["verdict"] == "error"' 'iterations == 1'
}

@test "a script that starts nothing instrumented proves nothing" {
	printf '#!/bin/sh\ntrue\n' >script
	chmod +x script
	gives 3 exec ./script
	prints "ThreadSanitizer did not start"
}

@test "what cannot be watched and is no program of ours proves nothing" {
	blind=(unshare -r sh -c
		'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"' -)
	"${blind[@]}" true 2>/dev/null || skip "no user namespaces here"
	printf '#!/bin/sh\n' >nothing
	chmod +x nothing
	tool=("${blind[@]}" "${tool[@]}")
	gives 3 exec -- ./nothing
	prints "is not known, for want of inotify watches"
	gives 0 exec -- "$ends" clean
	prints "whether ThreadSanitizer started is not known for 1 run"
}

@test "another sanitizer is named" {
	gives 2 exec -- "${ends%_thread}_address" clean
	complains_once "is built with AddressSanitizer"
}

@test "what cannot be run is refused with a sentence" {
	gives 2 exec -- ./missing
	complains_once "cannot run './missing': No such file or directory"
	gives 2 exec -- missing-in-path
	complains_once "there is no program 'missing-in-path' in PATH"
	gives 2 exec -- ./
	complains_once "'./' is a folder"
	echo text >plain
	gives 2 exec -- ./plain
	complains_once "is not executable"
	chmod +x plain
	gives 2 exec -- ./plain
	complains_once "is neither a program nor a script"
	: >empty
	chmod +x empty
	gives 2 exec -- ./empty
	complains_once "is empty"
	cp "$ends" bit
	chmod u+s bit
	gives 2 exec -- ./bit clean
	complains_once "is setuid or setgid"
	gives 2 exec
	complains_once "which program?"
}

@test "a program of the wrong machine is refused by the system's own words" {
	cp "$ends" broken
	printf '\x02\x00' | dd of=broken bs=1 seek=18 conv=notrunc status=none
	gives 3 exec -- ./broken clean
	complains "cannot start './broken': Exec format error"
}

@test "budgets exclude each other" {
	gives 2 exec --runs 3 --time 1s -- "$ends" clean
	complains_once "give one of --runs, --time and --until-rate"
}

@test "--engine explore is refused, and says what to do" {
	gives 2 exec --engine explore -- "$ends" clean
	complains_once "--engine explore" "--engine stress"
}

@test "--until-fail stops at the first finding" {
	exec_gives 1 race --until-fail
	result 'iterations == 1'
}

@test "--until-rate runs as often as it takes" {
	exec_gives 0 clean --until-rate 0.1
	result 'iterations == 29'
}

@test "runs side by side are counted as if one after the other" {
	exec_gives 1 race --runs 9 --jobs 3
	result 'iterations == 9' 'runs[0]["findings"][0]["hits"] == 9' \
		'runs[0]["findings"][0]["first"] == 1'
}

@test "the user's TSAN_OPTIONS stand, but for those that Snag needs" {
	mkdir logs
	export TSAN_OPTIONS="exitcode=9 log_path='$PWD/logs/my log'"
	exec_gives 1 race
	prints "TSAN_OPTIONS: exitcode=9 is not used" "are filled after each"
	grep -q 'WARNING: ThreadSanitizer: data race' logs/my\ log.* ||
		fail "the user's log is not filled"
	export TSAN_OPTIONS=report_atomic_races=0:suppress_equal_stacks=0
	exec_gives 1 race
	lacks out "not used"
}

@test "TSAN_OPTIONS that ThreadSanitizer would refuse are found first" {
	export TSAN_OPTIONS="history_size=3 nonsense"
	gives 2 exec -- "$ends" clean
	complains_once "TSAN_OPTIONS: 'nonsense' is no name=value"
}

@test "Ctrl-C keeps what was seen, and leaves no process" {
	start exec --color never --runs 100000 -- "$ends" race
	for _ in {1..200}; do
		[ -n "$(processes | grep ends_thread)" ] && break
		sleep 0.05
	done
	sleep 2
	kill -INT "$pid"
	ends 130
	prints "interrupted"
	result 'it["interrupted"]' 'iterations >= 1'
}

@test "a run that is cut off and shows nothing is no run" {
	start exec --color never -- "$ends" spin
	for _ in {1..200}; do
		[ -n "$(processes | grep ends_thread)" ] && break
		sleep 0.05
	done
	kill -INT "$pid"
	ends 130
	prints "interrupted before a run had ended"
	result 'iterations == 0' 's["verdict"] == "error"'
}

# report NAME FRAME: a race of f with what the frame says.
report() {
	cat >"$1" <<-END
		==================
		WARNING: ThreadSanitizer: data race (pid=1)
		  Write of size 4 at 0x7b0400000000 by thread T2:
		    #0 f /src/a.c:1:1 (program+0x100)

		  Previous write of size 4 at 0x7b0400000000 by thread T1:
		    $2

		SUMMARY: ThreadSanitizer: data race /src/a.c:1:1 in f
		==================
	END
}

@test "a report with a lost side is of the whole race, whichever came first" {
	report whole "#0 g /src/a.c:9:2 (program+0x200)"
	report part "[failed to restore the stack]"
	cat >both <<-'END'
		#!/bin/sh
		path=$(printf %s "$TSAN_OPTIONS" | sed 's/.*log_path=//; s/:.*//')
		cat "$@" >"$path.1"
	END
	chmod +x both
	for order in "whole part" "part whole"; do
		# shellcheck disable=SC2086 # two words
		gives 1 exec -q --runs 2 -- ./both $order
		result 'len(findings) == 1' 'findings[0]["count"] == 4' \
			'runs[0]["findings"][0]["hits"] == 2'
	done
}

@test "a bad exit is one, though ThreadSanitizer gave the same status before" {
	report whole "#0 g /src/a.c:9:2 (program+0x200)"
	cat >first <<-'END'
		#!/bin/sh
		"$1" clean
		[ $SNAG_RUN -gt 1 ] || cat whole >&2
		exit 66
	END
	chmod +x first
	gives 0 exec -q --fail-on never -- ./first "$ends"
	gives 1 exec -q --fail-on never --runs 2 -- ./first "$ends"
	result 'count("exit 66") == 2'
}

@test "reports beyond the most that is kept are counted, and no green" {
	cat >many <<-'END'
		#!/bin/sh
		path=$(printf %s "$TSAN_OPTIONS" | sed 's/.*log_path=//; s/:.*//')
		awk 'BEGIN { for (i = 0; i < 20001; i++) {
			print "=================="
			print "WARNING: ThreadSanitizer: data race (pid=1)"
			print "  Write of size 4 at 0x7b0400000000 by thread T2:"
			print "    #0 f" i " /a.c:1:1 (p+0x1)\n"
			print "  Previous write of size 4 at 0x7b0400000000 by thread T1:"
			print "    #0 g" i " /a.c:2:1 (p+0x2)\n"
			print "SUMMARY: ThreadSanitizer: data race /a.c:1:1 in f" i
			print "=================="
		} }' >"$path.1"
	END
	chmod +x many
	gives 1 exec -q -- ./many
	result 'len(findings) == 20000' 'runs[0]["dropped"] == 1'
}

@test "an argument with odd characters arrives as it is" {
	cat >show <<-'END'
		#!/bin/sh
		printf '%s|' "$@" >args
	END
	chmod +x show
	gives 3 exec -- ./show ';$()' $'a\nb' '' --runs
	[ "$(cat args)" = "$(printf '%s|' ';$()' $'a\nb' '' --runs)" ] ||
		fail "other arguments arrived"
	result "\"';\$()'\" in s[\"sources\"][0][\"command\"]"
}

@test "a folder with odd characters is no trouble" {
	mkdir $'odd "\'%;$()\n dir'
	cd $'odd "\'%;$()\n dir'
	TMPDIR=$PWD gives 1 exec -- "$ends" race
	result 'kinds == ["data race"]'
	cd ..
}

@test "a line that would end every run is found before the first" {
	printf '# ours\nrace:fine\nno line of that kind\n' >bad
	TSAN_OPTIONS=suppressions=bad gives 2 exec -- "$ends" race
	complains_once "bad:3: 'no line of that kind' is not TYPE:PATTERN"
	gives 2 exec --suppressions bad -- "$ends" race
	complains_once "bad:3:"
	gives 2 exec --suppressions missing -- "$ends" race
	complains_once "missing"
}

@test "what suppressions hid is said by line, and which hid nothing" {
	printf 'race:^bump_shared$\n' >one
	printf '# for later\nrace:nowhere\n' >two
	exec_gives 1 race2 --runs 2 --suppressions one --suppressions two
	prints "one:1: race:^bump_shared$ hid 2 reports" \
		"two:2: race:nowhere" "hid nothing in these runs"
	result 'len(findings) == 1'
	TSAN_OPTIONS=suppressions=one exec_gives 0 race
	prints "one:1: race:^bump_shared$ hid 1 report"
}

@test "a program whose name is not text has its places named all the same" {
	mkdir $'bad\xff'
	cp "$ends" $'bad\xff/pr\xffog'
	gives 1 exec --color never -- $'bad\xff/pr\xffog' race
	prints "data race of bump_shared"
	result 'kinds == ["data race"]'
}
