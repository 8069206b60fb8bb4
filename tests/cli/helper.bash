# What the tests of the command line share.  Each runs in a folder of its own,
# and none may leave a process behind.
#
# SNAG            the program; by hand: that of build/dev
# SNAG_BUILD_DIR  where the test hosts were built
# SNAG_SOURCE_DIR this repository
# SNAG_UNDER      a program to run it under, such as no_personality
# shellcheck disable=SC2034 # what is set here, the tests use

bats_require_minimum_version 1.5.0

: "${SNAG_SOURCE_DIR:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${SNAG_BUILD_DIR:=$SNAG_SOURCE_DIR/build/dev}"
: "${SNAG:=$SNAG_BUILD_DIR/snag}"
tool=("$SNAG")
[ -z "${SNAG_UNDER:-}" ] || tool=("$SNAG_UNDER" "$SNAG")
hosts=$SNAG_BUILD_DIR/hosts
fakes=$SNAG_BUILD_DIR/fakes
faults=$hosts/faults

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset NO_COLOR TSAN_OPTIONS
	# By this, processes of this test are known from those of others.
	export SNAG_TEST_MARK=$BATS_TEST_TMPDIR
}

teardown() {
	nothing_is_left
}

# gives CODE ARG...: runs snag, which must end with CODE.  What it prints goes
# to the files out and err.
gives() {
	local expected=$1 code=0

	shift
	timeout -k 5 90 "${tool[@]}" "$@" >out 2>err </dev/null 3>&- || code=$?
	[ "$code" -eq "$expected" ] || fail "snag $*: code $code, not $expected"
}

# faulty CODE NAME ARG...: as gives, for scenario fault/NAME alone.
faulty() {
	gives "$1" run --host "$faults" --color never --threads 2 "${@:3}" \
		"fault/$2"
}

# start ARG...: snag in the background; its process is $pid.  Behind '&' a
# shell has SIGINT ignored, which is not what happens at a prompt.
start() {
	env --default-signal=INT,HUP "${tool[@]}" "$@" \
		>out 2>err </dev/null 3>&- &
	pid=$!
}

# ends CODE: what start began has ended, or ends now, with CODE.
ends() {
	local code=0

	wait "$pid" || code=$?
	[ "$code" -eq "$1" ] || fail "snag ended with code $code, not $1"
}

# The test fails, and says why.
fail() {
	echo "$1"
	for file in out err; do
		[ ! -s "$file" ] || { echo "-- $file" && head -c 20000 "$file"; }
	done
	return 1
}

# has FILE TEXT...: FILE holds each TEXT, in whatever way its lines are broken.
has() {
	local file=$1 text all

	all=$(tr -s '[:space:]' ' ' <"$file")
	for text in "${@:2}"; do
		[[ $all == *"$text"* ]] || fail "'$text' is not in $file"
	done
}

# lacks FILE TEXT...
lacks() {
	local file=$1 text all

	all=$(tr -s '[:space:]' ' ' <"$file")
	for text in "${@:2}"; do
		[[ $all != *"$text"* ]] || fail "'$text' is in $file"
	done
}

prints() { has out "$@"; }
complains() { has err "$@"; }

# One sentence, which says who is speaking.
complains_once() {
	[ "$(wc -l <err)" -eq 1 ] || fail "err is not one line"
	[ "$(head -c 6 err)" = "snag: " ] || fail "err does not say who speaks"
	has err "$@"
}

is_empty() {
	[ ! -s "$1" ] || fail "$1 is not empty"
}

# holds FILE EXPRESSION...: FILE is what docs/ promises, and each expression
# of Python is true of it (see json_holds.py).
holds() {
	/usr/bin/python3 "$BATS_TEST_DIRNAME/json_holds.py" \
		"$SNAG_SOURCE_DIR/docs" "$@" || fail "see above"
}

# result EXPRESSION...: of the run's result.
result() {
	holds snag-out/result.json "$@"
}

# Processes of this test whose program was built here: "PID PROGRAM".
processes() {
	local exe

	find /proc -maxdepth 2 -path '/proc/[0-9]*/exe' \
		-lname "$SNAG_BUILD_DIR/*" -printf '%h %l\n' 2>/dev/null |
		while read -r folder exe; do
			grep -qsz "^SNAG_TEST_MARK=$BATS_TEST_TMPDIR$" \
				"$folder/environ" || continue
			echo "${folder#/proc/} $exe"
		done
}

# Waits up to two seconds for the last of them to go; then it is a failure, and
# they are ended.
nothing_is_left() {
	local left

	for _ in {1..20}; do
		left=$(processes)
		[ -n "$left" ] || return 0
		sleep 0.1
	done
	echo "left behind:"
	echo "$left"
	cut -d ' ' -f 1 <<<"$left" | xargs -r kill -KILL
	return 1
}

# Waits until the scenario of the background snag does (see hosts/faults.c).
# The next one is waited for anew.
is_waiting() {
	for _ in {1..400}; do
		[ ! -e waiting ] || { rm waiting && return; }
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	fail "the scenario does not wait"
}

# child_of PID: a child of that process, as soon as there is one.  That of the
# background snag is a host; that of a host is its batch.
child_of() {
	local p _

	for _ in {1..200}; do
		while read -r p _; do
			grep -qs "^PPid:[[:space:]]*$1\$" "/proc/$p/status" &&
				echo "$p" && return
		done < <(processes)
		sleep 0.02
	done
	fail "process $1 has no child"
}
