# Snag as it is installed, and then moved elsewhere.
load helper

setup_file() {
	install_snag
}

# commands: those of `snag help`.
commands() {
	snag help | sed -n '/^  list/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

@test "what is installed names no folder of the build" {
	cd "$prefix"
	# A debug build of the tool names its own sources, for debuggers.
	run -1 grep -rlF --exclude=snag -e "$SNAG_BUILD_DIR" \
		-e "$SNAG_SOURCE_DIR" .
	[ -z "$output" ] || fail "$output"
}

@test "an installed snag finds its catalogue, and quotes its sources" {
	gives 0 run counter/lost_update --threads 2 --iterations 50
	prints "lost-update, very likely" "counter->value++;" \
		"scenarios/counter/lost_update.c:34"
	lacks out "./scenarios"
}

@test "the licence and the documents are there" {
	for file in LICENSE README.md docs/formats.md docs/result.schema.json \
		examples/plain/racy.c examples/plain/Makefile \
		examples/own-scenario/CMakeLists.txt; do
		[ -s "$prefix/share/doc/snag/$file" ] || fail "no $file"
	done
}

@test "every command has a manual page that names its options" {
	command -v help2man >/dev/null || skip "help2man is not installed"
	for command in $(commands); do
		page=$prefix/share/man/man1/snag-$command.1
		grep -q "^snag-$command .*- ." "$page" || fail "no $page"
	done
	[ "$(commands | wc -l)" -ge 6 ]
	sed 's/\\//g' "$prefix/share/man/man1/snag-run.1" >page
	has page --until-rate --noise "seeded yields, spins, sleeps"
	for name in snag snag-cc snag-c++; do
		sed 's/\\//g' "$prefix/share/man/man1/$name.1" >page
		has page "$name" "snag-run"
	done
}

@test "completions for each shell know every command and its options" {
	cd "$prefix/share"
	for file in bash-completion/completions/snag \
		zsh/site-functions/_snag fish/vendor_completions.d/snag.fish; do
		for word in $(commands) until-rate max-memory \
			"light heavy" "auto always never"; do
			grep -q -e "$word" $file || fail "no $word in $file"
		done
	done
	bash -n bash-completion/completions/snag
	! command -v zsh >/dev/null || zsh -n zsh/site-functions/_snag
	! command -v fish >/dev/null ||
		fish -n fish/vendor_completions.d/snag.fish
}

# completes WORD...: what bash makes of the last word; "" asks for any.
completes() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_snag
	echo "${COMPREPLY[*]}"
}

@test "bash completes commands, options, choices and scenarios" {
	# Outside readline there is nothing that this could set.
	compopt() { echo "$*"; }
	source "$prefix/share/bash-completion/completions/snag"
	[ "$(completes snag ru)" = run ]
	[ "$(completes snag run --until-r)" = --until-rate ]
	[ "$(completes snag run --noise "")" = "off light heavy" ]
	[ "$(completes snag run --noise = he)" = heavy ]
	[ "$(completes snag run counter/lost_u)" = counter/lost_update ]
	[ "$(completes snag help do)" = doctor ]
	[[ $(completes snag report --output "") == "-o default"* ]]
	[[ $(completes snag run --out "") == "-o dirnames"* ]]
}

@test "pkg-config says how a host is built" {
	# Spaces are more than pkg-config's own words can bear.
	cp -r "$prefix" "$BATS_TEST_TMPDIR/plain"
	export PKG_CONFIG_PATH=$BATS_TEST_TMPDIR/plain/lib/pkgconfig
	[ "$(pkg-config --modversion snag)" = "$(snag --version | cut -c 6-)" ]
	# shellcheck disable=SC2046 # words
	"$SNAG_CLANG" $(pkg-config --cflags snag) \
		"$examples"/own-scenario/ring{,_scenarios}.c \
		$(pkg-config --libs snag) -o host
	gives 0 list --host ./host
	prints "ring/one_producer clean" "ring/read_past_pop broken"
}
