# Containers often refuse personality(): all works there, and the doctor says
# what is lost.  (cli.run-without-personality runs all of run.bats so.)
load helper

setup_file() {
	"$SNAG_BUILD_DIR/tools/no_personality" true ||
		skip "no seccomp filter can be installed here"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset NO_COLOR TSAN_OPTIONS
	export SNAG_TEST_MARK=$BATS_TEST_TMPDIR
	tool=("$SNAG_BUILD_DIR/tools/no_personality" "$SNAG")
}

@test "personality() is refused, and nothing else" {
	run -0 "$SNAG_BUILD_DIR/tools/no_personality" true
	command -v setarch >/dev/null || skip "setarch is not installed"
	! "$SNAG_BUILD_DIR/tools/no_personality" setarch -R true 2>/dev/null ||
		fail "it is not refused"
}

@test "a race is seen, with its cause and symbols" {
	gives 0 run counter/lost_update --threads 2,8 --iterations 200
	prints "broken, as expected" "counter->value++"
	result 'iterations == 400' '"bump_unlocked" in frames' \
		'findings[0]["causes"][0]["cause"] == "lost-update"'
}

@test "it is the finding that is seen elsewhere" {
	for tool in "${tool[0]} $SNAG" "$SNAG"; do
		# shellcheck disable=SC2086 # words
		$tool run counter/lost_update --threads 2 --iterations 50 -q
		result 'print(findings[0]["fingerprint"]) or True' >>prints
	done
	[ "$(wc -l <prints)" -eq 2 ]
	[ "$(sort -u prints | wc -l)" -eq 1 ]
}

@test "a clean scenario is silent" {
	gives 0 run counter/counter_mutex --threads 2,8 --iterations 200
	result 'iterations == 400' 'not findings'
}

@test "a deadlock is seen, with its stacks" {
	faulty 1 deadlock --iterations 60
	result 'kinds == ["deadlock"]' '"lock_for_ever" in frames'
}

@test "the doctor warns" {
	gives 0 doctor
	grep -q '^warn *addresses .*personality() is refused' out ||
		fail "it does not warn"
	prints "seccomp" "Well enough"
}
