#!/bin/sh
# detection.sh [OPTION...] [KERNEL...]: how many schedules, and how long, until
# explore finds the bug of each kernel of tests/kernels, by strategy.
#
# Builds what it needs (preset release, in $SNAG_BUILD_DIR or build/release)
# and prints two tables in Markdown, of schedules and of seconds: a row for each
# kernel, a column for each strategy, and in each cell mean / median over the
# seeds.  "(17)" after it: of the seeds only so many found the bug within --max
# schedules; the mean is theirs, and a median beyond --max is ">".
#
# Schedules depend on the seed alone.  Seconds are those of the campaign, in one
# process, up to that schedule, as if each took as long; the start of the host
# is left out.
#
#   --seeds N           seeds 1 to N (default: 20)
#   --max N             schedules at most (default: 10000)
#   --strategies LIST   separated by commas (default: random, pct:3, pos, surw,
#                       rff, dfs:2, portfolio)
#   --quick             3 seeds, 1000 schedules
#   --help              this
#
# KERNEL is an id or a glob, such as 'kernels/reorder_*'; none: all that are
# broken.  Ends with 2 when asked wrongly and with 3 when something could not be
# measured.  Never judges a figure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

usage() {
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$here/detection.sh"
}

misuse() {
	echo "bench/detection.sh: $1 (bench/detection.sh --help)" >&2
	exit 2
}

fail() {
	echo "bench/detection.sh: $1" >&2
	exit 3
}

number() { # OPTION VALUE
	case $2 in
	'' | *[!0-9]* | 0*) misuse "$1 needs a number from 1 up" ;;
	esac
	echo "$2"
}

seeds=20 max=10000
strategies=random,pct:3,pos,surw,rff,dfs:2,portfolio
while [ $# -gt 0 ]; do
	case $1 in
	--seeds | --max | --strategies)
		[ $# -gt 1 ] || misuse "$1 needs a value"
		case $1 in
		--seeds) seeds=$(number "$1" "$2") ;;
		--max) max=$(number "$1" "$2") ;;
		--strategies) strategies=$2 ;;
		esac
		shift
		;;
	--seeds=*) seeds=$(number --seeds "${1#*=}") ;;
	--max=*) max=$(number --max "${1#*=}") ;;
	--strategies=*) strategies=${1#*=} ;;
	--quick) seeds=3 max=1000 ;;
	--help | -h)
		usage
		exit 0
		;;
	--)
		shift
		break
		;;
	-*) misuse "there is no option '$1'" ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || set -- @expect:blind @expect:broken

cd "$here/.."
build=${SNAG_BUILD_DIR:-build/release}
work=$(mktemp -d "${TMPDIR:-/tmp}/snag-detection.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
rows=$work/rows
: >"$rows"
unset TSAN_OPTIONS

note() {
	echo "detection: $*" >&2
}

build_all() {
	if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja >/dev/null; then
		export CMAKE_GENERATOR=Ninja
	fi
	cmake --preset release -B "$build" --log-level=WARNING >/dev/null ||
		fail "cannot configure"
	if ! cmake --build "$build" --target snag snag-kernels \
		--parallel "$(nproc)" >"$work/build" 2>&1; then
		tail -n 30 "$work/build" >&2
		fail "cannot build"
	fi
	note "built in $build"
}

# One seed.  Most bugs are found soon, so each kernel gets more schedules only
# while its bug is not found; those that come first are the same ones again.
search() { # STRATEGY SEED KERNEL...
	strategy=$1 seed=$2 limit=10
	shift 2
	while [ $# -gt 0 ]; do
		[ $limit -le "$max" ] || limit=$max
		status=0
		"$build/snag" run --host "$build/tests/kernels/snag-kernels" \
			--no-config --engine explore --strategy "$strategy" \
			--seed "$seed" --iterations "$limit" --jobs 1 --quiet \
			--out "$work/out" "$@" >/dev/null || status=$?
		[ $status -le 1 ] || fail "snag run --strategy $strategy \
--seed $seed: exit $status"
		first_of_each "$limit" >"$work/left" ||
			fail "cannot read the result of $strategy"
		# shellcheck disable=SC2046 # ids, one a word
		set -- $(cat "$work/left")
		[ "$limit" -lt "$max" ] || break
		limit=$((limit * 10))
	done
}

# Adds a row for each kernel that is done with, and prints the others' ids.  The
# bug is the outcome that is required of explore alone.
first_of_each() { # LIMIT
	python3 - "$work/out/result.json" "$rows" "$strategy" "$1" "$max" <<'END'
import json, sys
result, rows, strategy, limit, most = sys.argv[1:]
limit, most = int(limit), int(most)
with open(result) as f:
    result = json.load(f)
with open(rows, "a") as rows:
    for s in result["subjects"]:
        bugs = {o["when"] for o in s["outcomes"]
                if o.get("engines") == ["explore"]}
        if not bugs:
            continue
        run = s["runs"][0]
        done = run["iterations"]
        first = min((o["first"] for o in run["outcomes"]
                     if o["name"] in bugs and o["count"]), default=0)
        if not first and done >= limit < most:
            print(s["id"])
            continue
        seconds = run["duration_ms"] / 1000 * first / max(done, 1)
        print(s["id"], strategy, first, seconds, sep="\t", file=rows)
END
}

tables() {
	python3 - "$rows" "$strategies" "$seeds" "$max" <<'END'
import statistics, sys
rows, strategies, seeds, most = sys.argv[1:]
strategies, seeds, most = strategies.split(","), int(seeds), int(most)
cells, kernels = {}, []
for line in open(rows):
    kernel, strategy, first, seconds = line.split("\t")
    if kernel not in kernels:
        kernels.append(kernel)
    cells.setdefault((kernel, strategy), []).append(
        (int(first), float(seconds)))

def figure(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"

def cell(found, column):
    seen = [f[column] for f in found if f[0]]
    if not seen:
        return "-"
    beyond = float("inf")
    median = statistics.median(sorted(f[column] if f[0] else beyond
                                      for f in found))
    text = figure(statistics.mean(seen)) + " / "
    text += ">" if median == beyond else figure(median)
    return text if len(seen) == len(found) else f"{text} ({len(seen)})"

for column, title in enumerate(("schedules", "seconds")):
    print(f"\n{title} to the first bug, mean / median of {seeds} seeds, "
          f"at most {most} schedules\n")
    print("| kernel |", " | ".join(strategies), "|")
    print("|---|" + "--:|" * len(strategies))
    for kernel in kernels:
        print(f"| {kernel.split('/')[1]} |", " | ".join(
            cell(cells.get((kernel, s), []), column) for s in strategies), "|")
END
}

build_all
before=$(cut -d ' ' -f 1 /proc/loadavg)
for one in $(echo "$strategies" | tr ',' ' '); do
	for n in $(seq "$seeds"); do
		note "$one, seed $n of $seeds"
		search "$one" "$n" "$@"
	done
done
[ -s "$rows" ] || fail "no kernel of that name has a bug to find"
echo "$(nproc) processors, load $before at the start," \
	"$(cut -d ' ' -f 1 /proc/loadavg) at the end"
tables
