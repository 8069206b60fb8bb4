# What the tests of the installed package share: once for each file, Snag is
# installed from the build folder, and the whole of it is then moved.
#
# SNAG_CLANG  the compiler that built it; by hand: snag-cc's choice
# shellcheck disable=SC2034 # what is set here, the tests use

load ../cli/helper

prefix="$BATS_FILE_TMPDIR/moved to"
tool=("$prefix/bin/snag")
examples=$BATS_FILE_TMPDIR/examples

install_snag() {
	cmake --install "$SNAG_BUILD_DIR" --prefix "$BATS_FILE_TMPDIR/p" \
		>"$BATS_FILE_TMPDIR/log"
	mv "$BATS_FILE_TMPDIR/p" "$prefix"
	cp -r "$SNAG_SOURCE_DIR/examples" "$examples"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset NO_COLOR TSAN_OPTIONS SNAG_CC SNAG_CXX
	export SNAG_TEST_MARK=$BATS_TEST_TMPDIR PATH="$prefix/bin:$PATH"
	: "${SNAG_CLANG:=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' \
		"$SNAG_BUILD_DIR/CMakeCache.txt")}"
}

# ends_with CODE COMMAND...: what it prints goes to the files out and err.
ends_with() {
	local expected=$1 code=0

	shift
	timeout -k 5 300 "$@" >out 2>err </dev/null 3>&- || code=$?
	[ "$code" -eq "$expected" ] || fail "$*: code $code, not $expected"
}

# races COUNT PROGRAM FUNCTION...: it runs under ThreadSanitizer, which sees so
# many places race, and each function is at one of them.
races() {
	local count=$1 program=$2 function

	ends_with "$((count ? 66 : 0))" "$program"
	[ "$(grep '^SUMMARY: ThreadSanitizer: data race' err | sort -u |
		wc -l)" -eq "$count" ] || fail "not $count races"
	for function in "${@:3}"; do
		grep -q "^SUMMARY: .* in .*$function" err ||
			fail "nothing of $function"
	done
}
