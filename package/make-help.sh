#!/bin/sh
# make-help.sh DIR HELP2MAN SNAG [WRAPPER...]: what is made of the programs'
# own help: completions in DIR/complete, and manual pages in DIR/man unless
# HELP2MAN is empty.  A command that is new in `snag help` has both with the
# next build.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1 help2man=$2 snag=$3
shift 3
unset ARGP_HELP_FMT
export LC_ALL=C LLVM_PROFILE_FILE=/dev/null

# "COMMAND  what it does", as in the first paragraph of `snag help` that is set
# in.
table() {
	"$snag" help | sed -n '/^  [a-z]/,/^$/p' | sed -n '1,/^$/s/^  //p'
}

commands() {
	table | sed 's/ .*//'
}

summary() {
	table | sed -n "s/^$1  *//p"
}

# page NAME PROGRAM SUMMARY
page() {
	name=$1 program=$2 summary=$3
	"$help2man" --no-info --section 1 --manual "Snag" \
		--source "$version" --version-string "$name" \
		--name "$summary" --include "$out/man/also.h2m" \
		"$program" >"$out/man/page"
	# "snag run" is called snag-run here.
	title=$(echo "$name" | tr '[:lower:]' '[:upper:]')
	sed "2s/SNAG[^ ]*/$title/; 4s/^.* \\\\-/$name \\\\-/" \
		"$out/man/page" >"$out/man/$name.1"
	rm "$out/man/page"
}

completions() {
	mkdir -p "$out/complete/bash" "$out/complete/zsh" "$out/complete/fish"
	{
		"$snag" help
		for command in $(commands); do
			echo "= $command"
			"$snag" help "$command"
		done
	} >"$out/complete/help"
	for shell in bash/snag zsh/_snag fish/snag.fish; do
		awk -v shell="${shell%/*}" -f "$here/complete.awk" \
			"$out/complete/help" >"$out/complete/$shell"
	done
}

pages() {
	mkdir -p "$out/man"
	version=$("$snag" --version)
	also=$(commands | sed "s/.*/.BR snag-& (1),/")
	for wrapper; do
		also="$also
.BR ${wrapper##*/} (1),"
	done
	printf '[see also]\n.BR snag (1),\n%s\n' "${also%,}" >"$out/man/also.h2m"
	page snag "$snag" "race-detection stress testing for C and pthreads"
	for command in $(commands); do
		page "snag-$command" "$snag $command" "$(summary "$command")"
	done
	for wrapper; do
		page "${wrapper##*/}" "$wrapper" \
			"compile and link for ThreadSanitizer, as Snag wants it"
	done
	rm "$out/man/also.h2m"
}

completions
[ -z "$help2man" ] || pages "$@"
touch "$out/made"
