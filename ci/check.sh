#!/bin/sh
# check.sh [CHECK...]: what no compiler checks.  Without arguments, all of:
#
#   format   clang-format-19 would change nothing
#   tidy     clang-tidy-19 finds nothing (.clang-tidy); needs a configured
#            build tree, $SNAG_BUILD_DIR or build/dev
#   layers   includes point only downwards (layers.sh)
#   size     no C file is longer than 400 lines
#   headers  each header compiles alone
#   shell    shellcheck finds nothing in our scripts
#   words    nothing is left to be done "later"
#
# One line for each check, after what it found.  Ends with 1 if one failed;
# with 77 if the only one asked for was skipped, for want of its tool.
set -eu
cd "$(dirname "$0")/.."

jobs=$(nproc)
build=${SNAG_BUILD_DIR:-build/dev}

# Our C files: sources SUFFIX FOLDER..., each ended by a NUL.
sources() {
	suffix=$1
	shift
	for folder in "$@"; do
		[ ! -d "$folder" ] ||
			find "$folder" -path tests/golden -prune -o \
				-type f -name "*.$suffix" -print0
	done | sort -z
}

all="src reports harness preload include scenarios tests fuzz bench examples"

need() {
	command -v "$1" >/dev/null && return 0
	echo "$1 is not installed (ci/setup.sh installs it)"
	return 1
}

check_format() {
	need clang-format-19 || return 77
	# shellcheck disable=SC2086 # a list of words
	badly=$(sources '[ch]' $all | xargs -0r clang-format-19 --dry-run \
		-ferror-limit=1 2>&1 | sed -n 's/:[0-9].*warning:.*//p')
	[ -n "$badly" ] || return 0
	echo "$badly" | sed 's/^/clang-format-19 -i /'
	return 1
}

# Scenarios are broken on purpose: not for the analyser.
check_tidy() {
	need clang-tidy-19 || return 77
	if [ ! -f "$build/compile_commands.json" ]; then
		cmake --preset dev -B "$build" >/dev/null || return 1
	fi
	sources c src reports harness preload |
		xargs -0r -n 1 -P "$jobs" clang-tidy-19 -p "$build" --quiet \
			2>/dev/null && return 0
	echo "one file: clang-tidy-19 -p $build FILE.c"
	return 1
}

check_layers() {
	ci/layers.sh
}

check_size() {
	# shellcheck disable=SC2086 # a list of words
	sources '[chS]' $all | xargs -0r wc -l |
		awk '$2 != "total" && $1 > 400 {
			print $2 ": " $1 " lines, at most 400"; bad = 1
		} END { exit bad }'
}

compiler() { # the one that the build tree uses, or the first there is
	sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' "$build/CMakeCache.txt" \
		2>/dev/null | grep . || command -v clang-22 clang-19 clang-18 \
		clang | head -n 1
}

check_headers() {
	cc=$(compiler)
	# shellcheck disable=SC2086 # a list of words
	sources h $all | xargs -0r -I '{}' -P "$jobs" "$cc" -std=gnu11 \
		-D_GNU_SOURCE -Isrc -I. -Iinclude -Iharness -Wall -Wextra \
		-Wpedantic -Werror -fsyntax-only -include '{}' -x c /dev/null
}

check_shell() {
	need shellcheck || return 77
	shellcheck ci/*.sh ci/templates/*.sh bench/*.sh package/*.sh package/snag-cc.in .ci/run
}

check_words() {
	# shellcheck disable=SC2086 # a list of words
	! grep -rnE 'TO[D]O|FIX[M]E|\<X[X]X\>|HA[C]K' \
		--include='*.[chS]' --include='*.sh' --include='*.bats' \
		--include='*.cmake' --include=CMakeLists.txt \
		--exclude-dir=golden $all ci cmake package CMakeLists.txt 2>/dev/null
}

failed=0
skipped=0
run() {
	status=0
	"check_$1" || status=$?
	case $status in
	0) echo "check $1: ok" ;;
	77)
		echo "check $1: SKIPPED"
		skipped=77
		;;
	*)
		echo "check $1: failed"
		failed=1
		;;
	esac
}

[ $# -gt 0 ] || set -- layers size words headers shell format tidy
for name in "$@"; do
	case $name in
	layers | size | words | headers | shell | format | tidy) run "$name" ;;
	*)
		echo "ci/check.sh: no check is called '$name'" >&2
		exit 2
		;;
	esac
done
[ $failed -eq 0 ] || exit 1
[ $# -ne 1 ] || exit $skipped
