#!/bin/sh
# shell.sh pull-request|nightly: races in the tests and the scenarios of a CMake
# project, judged once.  Copy it to ci/snag.sh of the project, and run it in the
# project's folder.
#
#   pull-request  a fixed seed, no noise, each test once, a minute for each
#                 scenario host: repeating a test that passes adds almost
#                 nothing, and somebody is waiting
#   nightly       a random seed, heavy noise, each test ten times, ten minutes
#                 for each scenario host
#
# Needs snag, snag-cc, cmake and ctest in PATH.  CMakeLists.txt says
# find_package(Snag REQUIRED) before its targets.  From the environment:
#
#   SNAG_HOSTS    scenario hosts: targets of snag_add_scenarios(), if any
#   SNAG_SEED     to repeat a night: its seed (of noise, not of the schedule)
#   SNAG_RUNS, SNAG_TIME, SNAG_NOISE    other than above
#   SNAG_BUILD    the build folder (build-snag)
#
# Leaves snag-collect/, what each test left; snag-scenarios/, a result for each
# host; snag-out/, result.json and reports of all of it; and snag-seed.txt.
#
# Ends with the status of `snag gate`; with 3 if it did not come so far.  That a
# test fails is not counted: ThreadSanitizer fails a test for a race, also for
# one in the baseline.  Whether tests pass, the project's other jobs say.
set -eu

case ${1:-} in
pull-request)
	seed=${SNAG_SEED:-1}
	noise=${SNAG_NOISE:-off} runs=${SNAG_RUNS:-1} time=${SNAG_TIME:-1m}
	limit=300
	;;
nightly)
	seed=${SNAG_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
	noise=${SNAG_NOISE:-heavy} runs=${SNAG_RUNS:-10} time=${SNAG_TIME:-10m}
	limit=3600
	;;
*)
	echo "usage: $0 pull-request|nightly" >&2
	exit 2
	;;
esac
build=${SNAG_BUILD:-build-snag}
case $seed$runs in
*[!0-9]*)
	echo "$0: SNAG_SEED and SNAG_RUNS must be numbers" >&2
	exit 2
	;;
esac

must() { # without it there is nothing to judge
	"$@" && return
	echo "$0: '$*' failed" >&2
	exit 3
}

echo "== $1: seed $seed, noise $noise, $runs runs of each test"
echo "$seed" >snag-seed.txt
rm -rf snag-collect snag-scenarios snag-out
must mkdir -p "$build" snag-collect snag-scenarios

echo "== Build for ThreadSanitizer"
# What ctest launches tests by: snag, with noise and a seed.
cat >"$build/snag-launch" <<end
#!/bin/sh
shift
exec snag exec --noise $noise --seed $seed --runs $runs "\$@"
end
must chmod +x "$build/snag-launch"
# CC and CXX count for a new build folder only.
CC=snag-cc CXX=snag-c++ must cmake -B "$build" \
	-DCMAKE_BUILD_TYPE=RelWithDebInfo \
	-DSNAG_COLLECT="$PWD/snag-collect" \
	-DSNAG_EXECUTABLE="$PWD/$build/snag-launch"
must cmake --build "$build" --parallel

echo "== Test"
ctest --test-dir "$build" --output-on-failure --timeout "$limit" \
	-E '^snag\.' || echo "ctest ended with status $?"

set -- snag-collect --ctest "$build" --out snag-out \
	--format text,junit,sarif,markdown,codequality,github
for host in ${SNAG_HOSTS:-}; do
	echo "== Scenarios of $host"
	snag run --host "$build/$host" --seed "$seed" --noise "$noise" \
		--time "$time" --quiet --out "snag-scenarios/$host" ||
		echo "snag run ended with status $?"
	set -- "$@" "snag-scenarios/$host"
done
# Not launched by ctest: what snag_add_scenarios() adds, for it is here already.
[ -z "${SNAG_HOSTS:-}" ] || set -- "$@" --allow-missing 'snag.*'
[ ! -f snag-baseline.json ] || set -- "$@" --baseline snag-baseline.json

echo "== Judge"
exec snag gate "$@"
