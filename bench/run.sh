#!/bin/sh
# run.sh [--json FILE] [--quick]: Snag against its rivals, in one run.
#
# Builds what it needs (preset release, in $SNAG_BUILD_DIR or build/release)
# and prints a row for each measurement: Snag's figure, the rival's, their
# ratio.  Only the ratios mean something; docs/benchmarks.md says what.  Takes
# about six minutes.
#
#   --json FILE  also writes the rows to FILE, as an array of objects with
#                name, snag, rival, unit, ratio, rival_name
#   --quick      about two seconds for each figure, to see that all of it
#                works; such figures mean nothing
#   --help       this
#
# Ends with 2 when asked wrongly and with 3 when something could not be
# measured.  Never judges a ratio.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

usage() {
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$here/run.sh"
}

misuse() {
	echo "bench/run.sh: $1 (bench/run.sh --help)" >&2
	exit 2
}

fail() {
	echo "bench/run.sh: $1" >&2
	exit 3
}

json=
is_quick=false
while [ $# -gt 0 ]; do
	case $1 in
	--json)
		json=${2:-}
		[ -n "$json" ] || misuse "--json needs a FILE"
		shift
		;;
	--json=?*) json=${1#--json=} ;;
	--quick) is_quick=true ;;
	--help | -h)
		usage
		exit 0
		;;
	*) misuse "there is no option '$1'" ;;
	esac
	shift
done
if [ -n "$json" ]; then
	(: >>"$json") 2>/dev/null || misuse "cannot write '$json'"
	json=$(realpath "$json")
fi

if $is_quick; then
	seconds=2 repetitions=1 log_mib=20 small_log_mib=2
	campaign=2 filter='counter/*'
else
	seconds=10 repetitions=3 log_mib=200 small_log_mib=20
	campaign=60 filter=
fi

cd "$here/.."
build=${SNAG_BUILD_DIR:-build/release}
work=$(mktemp -d "${TMPDIR:-/tmp}/snag-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
rows=$work/rows
: >"$rows"
unset TSAN_OPTIONS # as a developer would have it

note() {
	echo "bench: $*" >&2
}

load() { # what else this machine does: the last minute's load
	cut -d ' ' -f 1 /proc/loadavg
}

compute() { # EXPRESSION: a number
	awk "BEGIN { printf \"%.6g\", $1 }"
}

median() { # of the numbers in a file
	sort -g "$1" | awk '{ v[NR] = $1 } END {
		if (!NR)
			exit 1
		printf "%.6g", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2
	}'
}

row() { # NAME SNAG RIVAL UNIT RIVAL_NAME
	printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$rows"
}

# shellcheck source=bench/explore_rows.sh
. "$here/explore_rows.sh"

build_all() {
	if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja >/dev/null; then
		export CMAKE_GENERATOR=Ninja
	fi
	cmake --preset release -B "$build" --log-level=WARNING >/dev/null ||
		fail "cannot configure"
	if ! cmake --build "$build" --target snag snag-catalogue benchmarks \
		--parallel "$(nproc)" >"$work/build" 2>&1; then
		tail -n 30 "$work/build" >&2
		fail "cannot build"
	fi
	bin=$build/bench
	note "built in $build"
}

snag_run() { # SCENARIO THREADS LIMIT...
	scenario=$1 threads=$2
	shift 2
	"$build/snag" run "$scenario" --threads "$threads" "$@" --jobs 1 \
		--quiet --out "$work/out" || fail "snag run $scenario: exit $?"
}

# Iterations in a second of the last campaign, or those that came to OUTCOME.
# Of all its time, host's start and judging included: what one waits for.
snag_rate() { # [OUTCOME]
	python3 -c 'import json, sys
result = json.load(open(sys.argv[1]))
runs = [r for s in result["subjects"] for r in s["runs"]]
n = sum(r["iterations"] for r in runs)
if len(sys.argv) > 2:
    n = sum(o["count"] for r in runs for o in r["outcomes"]
            if o["name"] == sys.argv[2])
print(1000 * n / result["duration_ms"])' "$work/out/result.json" "$@"
}

bare_run() { # SCENARIO THREADS [TSAN_OPTIONS]
	TSAN_OPTIONS=exitcode=0:${3:-} "$bin/bench-bare_loop" "$1" "$2" \
		"$seconds" 2>/dev/null >"$work/bare" ||
		fail "bench-bare_loop $1: exit $?"
}

bare_rate() { # [OUTCOME]; one that was not seen counts as seen once
	awk -v outcome="${1:-iterations}" '
	$2 == "seconds" { seconds = $1 }
	$2 == outcome { n = $1 }
	END { print (n ? n : 1) / seconds }' "$work/bare"
}

# The loop that people write around a test.  Each run ends with 66: it races.
shell_rate() {
	begin=$(date +%s%N)
	runs=0
	until [ $(($(date +%s%N) - begin)) -ge $((seconds * 1000000000)) ]; do
		status=0
		"$bin/bench-one_trial" >/dev/null 2>&1 || status=$?
		[ $status -eq 66 ] || fail "bench-one_trial: exit $status"
		runs=$((runs + 1))
	done
	compute "$runs * 1e9 / ($(date +%s%N) - $begin)"
	echo
}

# A scenario in which nothing is wrong: the cost of an iteration itself.
stress_clean() { # THREADS
	id=counter/counter_atomic
	rm -f "$work"/rate.*
	for i in $(seq $repetitions); do
		note "$id, $1 threads, $i of $repetitions (load $(load))"
		snag_run $id "$1" --time ${seconds}s
		snag_rate >>"$work/rate.snag"
		bare_run $id "$1"
		bare_rate >>"$work/rate.bare"
	done
	row "stress, clean, $1 threads" "$(median "$work/rate.snag")" \
		"$(median "$work/rate.bare")" iterations/s "bare loop"
}

# One that races in every iteration, each report counted on both sides.  The
# count of iterations is given, since a campaign by time ends as soon as the
# rate is known well enough.  A lost update shows that two bodies did overlap;
# for these the bare loop is let off the reports, so that it runs at its best.
stress_racy() {
	id=counter/lost_update
	rm -f "$work"/rate.*
	snag_run $id 2 --iterations 1000
	n=$(compute "int($(snag_rate) * $seconds) + 1000")
	for i in $(seq $repetitions); do
		note "$id, 2 threads, $i of $repetitions (load $(load))"
		snag_run $id 2 --iterations "$n"
		snag_rate >>"$work/rate.snag"
		snag_rate lost >>"$work/rate.snag_lost"
		bare_run $id 2 suppress_equal_stacks=0
		bare_rate >>"$work/rate.bare"
		bare_run $id 2
		bare_rate lost >>"$work/rate.bare_lost"
		shell_rate >>"$work/rate.shell"
	done
	row "stress, racy, 2 threads" "$(median "$work/rate.snag")" \
		"$(median "$work/rate.shell")" iterations/s "shell loop"
	row "stress, racy, 2 threads" "$(median "$work/rate.snag")" \
		"$(median "$work/rate.bare")" iterations/s "bare loop"
	row "lost updates, 2 threads" "$(median "$work/rate.snag_lost")" \
		"$(median "$work/rate.bare_lost")" outcomes/s "bare loop"
}

measure() { # PROGRAM [ARG...]: "seconds kib" into $work/measured
	status=0
	"$bin/bench-measure" "$work/measured" "$@" >"$work/said" || status=$?
	[ $status -le 1 ] || fail "$1: exit $status"
}

measured() { # seconds or kib, of the last measure
	case $1 in
	seconds) cut -d ' ' -f 1 "$work/measured" ;;
	kib) cut -d ' ' -f 2 "$work/measured" ;;
	esac
}

# Of the tool's process alone.  Exit status 1, a verdict, is none of ours; but
# two seconds do not reach every scenario, which would be 3.
campaign_memory() {
	note "campaign of ${filter:-the whole catalogue}, $campaign s" \
		"(load $(load))"
	measure "$build/snag" run ${filter:+"$filter"} --time ${campaign}s \
		--quiet --out "$work/out"
	row "peak memory, ${campaign} s campaign" \
		"$(compute "$(measured kib) / 1024")" 64 MiB limit
}

# The same program, as often, with as many at once, and each run's output kept
# apart by both.
exec_rate() { # ARG...: runs/s
	begin=$(date +%s%N)
	"$build/snag" exec --runs "$runs" --jobs "$(nproc)" --quiet \
		--out "$work/out" -- "$bin/bench-one_trial" "$@" ||
		[ $? -eq 1 ] || fail "snag exec: trouble"
	compute "$runs * 1e9 / ($(date +%s%N) - $begin)"
	echo
}

parallel_rate() { # ARG...: runs/s
	begin=$(date +%s%N)
	seq "$runs" | parallel --will-cite -j "$(nproc)" -N0 \
		"$bin/bench-one_trial" "$@" >/dev/null 2>&1 || :
	compute "$runs * 1e9 / ($(date +%s%N) - $begin)"
	echo
}

programs() {
	if ! command -v parallel >/dev/null; then
		note "GNU parallel is not installed (apt-get install parallel):" \
			"no rows for exec"
		return
	fi
	runs=$((seconds * 30))
	for what in clean racy; do
		arg=
		[ $what = racy ] || arg=clean
		rm -f "$work"/rate.*
		for i in $(seq $repetitions); do
			note "exec, $what, $i of $repetitions (load $(load))"
			exec_rate $arg >>"$work/rate.snag"
			parallel_rate $arg >>"$work/rate.parallel"
		done
		row "exec, $what" "$(median "$work/rate.snag")" \
			"$(median "$work/rate.parallel")" runs/s "GNU parallel"
	done
}

make_log() { # MIB: $work/log.MIB
	"$bin/bench-make_log" $(($1 * 1048576)) tests/golden/logs/*.txt \
		>"$work/log.$1" || fail "cannot make a log of $1 MiB"
}

read_rate() { # LOG PROGRAM [ARG...]: MB/s
	bytes=$(wc -c <"$1")
	shift
	measure "$@"
	compute "$bytes / 1e6 / $(measured seconds)"
	echo
}

read_logs() {
	root=tests/golden/programs
	log=$work/log.$log_mib
	make_log "$log_mib"
	make_log "$small_log_mib"
	rm -f "$work"/rate.*
	for i in $(seq $repetitions); do
		note "a log of $log_mib MiB, $i of $repetitions (load $(load))"
		read_rate "$log" "$build/snag" triage "$log" \
			--source-root $root >>"$work/rate.snag"
		note "$(grep -m 1 'findings in' "$work/said")"
		large=$(measured kib)
		read_rate "$log" grep -c 'WARNING: ThreadSanitizer' "$log" \
			>>"$work/rate.grep"
	done
	measure "$build/snag" triage "$work/log.$small_log_mib" \
		--source-root $root
	rate=$(median "$work/rate.snag")
	row "parse and classify" "$rate" 100 MB/s limit
	row "parse and classify" "$rate" "$(median "$work/rate.grep")" MB/s "grep -c"
	row "peak memory, log of $log_mib MiB" "$(compute "$large / 1024")" \
		"$(compute "$(measured kib) / 1024")" MiB \
		"log of $small_log_mib MiB"
}

as_text() {
	awk -F '\t' '
	function figure(v) {
		return sprintf(v >= 100 ? "%.0f" : v >= 1 ? "%.2f" : "%.4f", v)
	}
	BEGIN {
		format = "%-29s %10s %10s  %-13s %8s  %s\n"
		printf format, "name", "snag", "rival", "unit", "ratio",
			"rival_name"
	}
	{ printf format, $1, figure($2), figure($3), $4, figure($2 / $3), $5 }
	' "$rows"
}

as_json() { # our own names: nothing in them needs escaping
	awk -F '\t' '
	BEGIN { print "[" }
	{
		printf "%s  {\"name\": \"%s\", \"snag\": %s, \"rival\": %s, ",
			(NR > 1 ? ",\n" : ""), $1, $2, $3
		printf "\"unit\": \"%s\", \"ratio\": %.6g, ", $4, $2 / $3
		printf "\"rival_name\": \"%s\"}", $5
	}
	END { print "\n]" }
	' "$rows"
}

build_all
load_before=$(load)
stress_clean 2
stress_clean 8
stress_racy
explore
programs
campaign_memory
read_logs

echo "$(nproc) processors, load $load_before at the start, $(load) at the end"
! $is_quick || echo "These are quick figures: they mean nothing."
as_text
[ -z "$json" ] || as_json >"$json"
