#!/usr/bin/env bats
# One program by every compiler that is here: the same findings.

load helper

source=$SNAG_SOURCE_DIR/examples/plain/racy.c

# Clang of before version 18 and gcc have no place in a scenario host, but what
# they built is run like any other program.
compilers() {
	local name

	for name in "${SNAG_CC:-}" clang-22 clang-19 clang-18 clang-14 gcc; do
		[ -n "$name" ] && command -v "$name" >/dev/null &&
			echo 'int main(void) { return 0; }' |
			"$name" -x c -fsanitize=thread -o probe - 2>/dev/null &&
			echo "${name##*/}"
	done | sort -u
}

build() { # COMPILER OUTPUT FLAG...
	"$1" -fsanitize=thread -O1 -g "${@:3}" "$source" -pthread -o "$2"
}

fingerprints() {
	/usr/bin/python3 -c '
import json
print(*sorted(f["fingerprint"] for f in
              json.load(open("snag-out/result.json"))["findings"]))'
}

@test "every compiler's program has the same fingerprints, with noise too" {
	local expected='' name level

	[ "$(compilers | wc -l)" -ge 2 ] || skip "there is one compiler only"
	for name in $(compilers); do
		build "$name" "racy-$name" -DNEW_RACE
		for level in off heavy; do
			gives 1 exec --runs 20 --jobs 2 --noise $level -- \
				"./racy-$name"
			result 'len(findings) == 2' 'iterations == 20'
			[ -n "$expected" ] || expected=$(fingerprints)
			[ "$(fingerprints)" = "$expected" ] ||
				fail "$name, noise $level: other fingerprints"
		done
	done
}

@test "a known race passes by every compiler, and a new one is named first" {
	local name

	build "$(compilers | head -n 1)" known
	gives 1 exec --runs 5 -- ./known
	gives 0 baseline add snag-out --reason "statistics need not be exact"
	for name in $(compilers); do
		build "$name" "known-$name"
		gives 0 exec --runs 3 --baseline snag-baseline.json -- \
			"./known-$name"
		prints "known" "nothing new"
		build "$name" "new-$name" -DNEW_RACE
		gives 1 exec --runs 3 --baseline snag-baseline.json -- \
			"./new-$name"
		prints "1 new, 1 known"
		[[ $(grep -m 1 ' of .*  data race' out) == *remember* ]] ||
			fail "the new one is not named first"
	done
}

@test "a log has the fingerprint of the program that wrote it" {
	local name tried=0

	for name in $(compilers); do
		build "$name" "log-$name"
		gives 1 exec --runs 3 -- "./log-$name"
		fingerprints >expected
		"./log-$name" >/dev/null 2>log || true
		# Names come from llvm-symbolizer of that version, if it is here.
		grep -q count_request log || continue
		tried=$((tried + 1))
		gives 1 triage log --out snag-out
		fingerprints >found
		cmp expected found || fail "$name: another fingerprint"
	done
	[ "$tried" -gt 0 ] || fail "no log has names"
}
