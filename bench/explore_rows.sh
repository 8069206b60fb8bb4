# explore_rows.sh: the rows of explore, for bench/run.sh, which reads this with
# its own functions and variables ($seconds, $work, ...) at hand.
#
# All of them are rates in processor time, on one processor, so that other work
# on the machine changes little.
# shellcheck shell=sh
# shellcheck disable=SC2154 # run.sh's variables

processor=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')

on_one() { # COMMAND...: on one processor; seconds of it into $work/spent
	taskset -c "$processor" python3 -c 'import os, resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as out:
    print(used.ru_utime + used.ru_stime, file=out)
sys.exit(status)' "$work/spent" "$@"
}

# Schedules in a second of processor time, host's start and judging included;
# so many that it takes long enough.
explored() { # FEW run|exec ARG...
	count=$1
	shift
	explore_some "$count" "$@"
	while [ "$(compute "$(cat "$work/spent") < $seconds / 2")" = 1 ]; do
		count=$(compute "int($count * $seconds / $(cat "$work/spent"))")
		explore_some "$count" "$@"
	done
	explored_rate
}

explore_some() { # COUNT run|exec ARG...
	limit=$1 command=$2
	shift 2
	case $command in
	run) limit=--iterations=$limit ;;
	exec) limit=--runs=$limit ;;
	esac
	on_one "$build/snag" "$command" --engine explore "$limit" --jobs 1 \
		--no-confirm --quiet --out "$work/out" "$@" ||
		[ $? -eq 1 ] || fail "snag $command --engine explore: trouble"
}

explored_rate() {
	python3 -c 'import json, sys
result = json.load(open(sys.argv[1]))
n = sum(r["iterations"] for s in result["subjects"] for r in s["runs"])
print(n / float(open(sys.argv[2]).read()))' \
		"$work/out/result.json" "$work/spent"
}

bare_schedules() { # PROGRAM [ARG...]: a second of processor time
	TSAN_OPTIONS=atexit_sleep_ms=0 taskset -c "$processor" "$@" \
		"$seconds" >"$work/bare" || fail "$1: exit $?"
	bare_rate schedules
}

# One program on one processor, with a schedule point at every access.
explore() {
	host=$bin/bench-increments
	rm -f "$work"/rate.*
	for i in $(seq "$repetitions"); do
		note "explore, $i of $repetitions (load $(load))"
		for what in clean racy; do
			explored 20000 run "bench/$what" --host "$host" \
				--strategy random >>"$work/rate.$what"
		done
		explored 20000 run bench/clean --host "$host" \
			>>"$work/rate.portfolio"
		bare_schedules "$bin/bench-bare_fibers" fibers \
			>>"$work/rate.fibers"
		bare_schedules "$bin/bench-bare_fibers" forks \
			>>"$work/rate.forks"
		explored 20 exec -- "$bin/bench-whole" >>"$work/rate.whole"
		bare_schedules "$bin/bench-whole" >>"$work/rate.natively"
	done
	clean=$(median "$work/rate.clean")
	row "explore, clean" "$clean" "$(median "$work/rate.fibers")" \
		schedules/s "bare fibers"
	row "explore, clean, portfolio" "$(median "$work/rate.portfolio")" \
		"$(median "$work/rate.fibers")" schedules/s "bare fibers"
	row "explore, clean" "$clean" "$(median "$work/rate.forks")" \
		schedules/s "fork a schedule"
	row "explore, racy" "$(median "$work/rate.racy")" "$clean" \
		schedules/s "explore, clean"
	row "explore, whole program" "$(median "$work/rate.whole")" \
		"$(median "$work/rate.natively")" schedules/s "bare forks"
}
