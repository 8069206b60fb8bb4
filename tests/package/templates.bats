# ci/templates/: what a project copies for its CI service, done for real with
# the installed package.  Not done: what installs Snag, and the services' own.
load helper

templates=$SNAG_SOURCE_DIR/ci/templates
# No space in it: the loader preloads no noise from there.
prefix=$BATS_FILE_TMPDIR/installed
tool=("$prefix/bin/snag")

setup_file() {
	install_snag
}

# The example with the templates where they say that they belong.
project() {
	cp -r "$examples/own-scenario/." .
	mkdir ci .git # paths are relative to the repository
	cp "$templates/shell.sh" ci/snag.sh
	export CMAKE_PREFIX_PATH=$prefix SNAG_CC=$SNAG_CLANG
	export SNAG_TIME=2s SNAG_RUNS=1 SNAG_HOSTS=ring-scenarios
	export GITHUB_STEP_SUMMARY=$PWD/step-summary
}

# A test that races, and nothing else.
racy_project() {
	project
	cp "$examples/plain/racy.c" .
	printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' \
		'project(p LANGUAGES C)' 'enable_testing()' \
		'find_package(Snag REQUIRED)' 'add_executable(racy racy.c)' \
		'add_test(NAME racy COMMAND racy)' >CMakeLists.txt
	export SNAG_HOSTS=
}

# does CODE FILE JOB: the job's steps, one after the other.
does() {
	/usr/bin/python3 "$SNAG_SOURCE_DIR/tests/tools/templates.py" steps \
		"$templates/$2" "$3" >job
	grep -q ci/snag.sh job || fail "the job does nothing"
	ends_with "$1" sh job
}

# The options that follow `snag COMMAND` in a file, a command a line.
options_in() {
	sed -e ':join' -e '/\\$/{N;s/\\\n//;b join}' "$1" |
		grep -v '^[[:space:]]*#' |
		grep -oE 'snag (run|exec|gate|report|triage|list) .*'
	# What is gathered by `set --` is for the gate.
	sed -e ':join' -e '/\\$/{N;s/\\\n//;b join}' "$1" |
		sed -n 's/.*set -- /snag gate /p'
}

@test "each option of snag's in the templates is one that it has" {
	local command count=0 option words

	for file in "$templates"/*; do
		while read -r _ command words; do
			gives 0 "$command" --help
			for option in $(grep -oE -- '(^| )--[a-z-]+' \
				<<<"$words"); do
				grep -qE -- "$option(=|[[:space:]]|\$)" out ||
					fail "$file: snag $command $option"
				count=$((count + 1))
			done
		done < <(options_in "$file")
	done
	[ "$count" -ge 15 ] || fail "only $count options were found"
}

@test "the workflow is one that GitHub takes" {
	ends_with 0 node "$SNAG_SOURCE_DIR/tests/schema/workflow.mjs" \
		"$templates/github.yml"
	sed 's/timeout-minutes/time-out/' "$templates/github.yml" >wrong.yml
	ends_with 1 node "$SNAG_SOURCE_DIR/tests/schema/workflow.mjs" wrong.yml
	prints "time-out"
}

@test "GitLab's file has jobs with scripts, and keywords of GitLab's" {
	local check=$SNAG_SOURCE_DIR/tests/tools/templates.py

	ends_with 0 /usr/bin/python3 "$check" gitlab "$templates/gitlab.yml"
	sed 's/artifacts:/artefacts:/' "$templates/gitlab.yml" >wrong.yml
	ends_with 1 /usr/bin/python3 "$check" gitlab wrong.yml
	prints "'artefacts' is not known"
}

@test "what the services are told to take is what the jobs leave" {
	project
	ends_with 0 ci/snag.sh pull-request
	for file in $(grep -ohE 'snag-(out|seed)[a-z/.-]*\.[a-z]+' \
		"$templates"/*.yml | sort -u); do
		[ -s "$file" ] || fail "$file is not there"
	done
	prints "seed 1, noise off"
}

@test "GitHub's job for a pull request is green without a new race" {
	project
	does 0 github.yml pull-request
	prints "ring-test" "clean" "ring/read_past_pop" "as expected" \
		"::notice title=snag::exit 0"
	has step-summary "all as expected"
}

@test "GitHub's nightly job repeats the night whose seed it is given" {
	project
	SNAG_SEED=77 does 0 github.yml nightly
	prints "seed 77, noise heavy"
	has step-summary "Seed: 77"
	grep -q '"seed": 77' snag-out/result.json ||
		fail "the seed is not in the result"
	grep -q '"noise-heavy"' snag-out/result.json || fail "there was no noise"
}

@test "GitLab's nightly job has a random seed, which it leaves" {
	project
	does 0 gitlab.yml snag-nightly
	cp snag-seed.txt first
	prints "seed $(cat first), noise heavy"
	does 0 gitlab.yml snag-nightly
	! cmp -s first snag-seed.txt || fail "twice the same seed"
}

@test "a race ends the job with 1, and its reports are there" {
	racy_project
	does 1 github.yml pull-request
	prints "data race of count_request" "file=racy.c,line=27,col=16::Data race" \
		"ctest ended with status"
	has step-summary "count_request"
	has snag-out/report.sarif '"ruleId": "lost-update"'
}

@test "a race of the baseline does not, though its test fails" {
	racy_project
	ends_with 1 ci/snag.sh pull-request
	gives 0 baseline add snag-out --reason "before Snag"
	does 0 gitlab.yml snag-merge-request
	prints "ctest ended with status" "known"
}

@test "what is not built is trouble, not a race" {
	project
	echo 'int main(void) { return }' >ring_test.c
	ends_with 3 ci/snag.sh pull-request
	complains "cmake --build"
	ends_with 2 ci/snag.sh
	ends_with 2 env SNAG_SEED='1;true' ci/snag.sh nightly
}
