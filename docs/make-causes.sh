#!/bin/sh
# make-causes.sh [SNAG]: docs/causes.md on stdout, from `snag explain` and from
# causes.txt beside this, which says how each shows in a report.
#
#   docs/make-causes.sh build/dev/snag >docs/causes.md
set -eu
snag=${1:-snag}
here=$(dirname "$0")

cat <<'end'
<!-- Made by docs/make-causes.sh; a change belongs into src/model/cause.c, into
     the scenarios, or into causes.txt. -->

# Causes

Each finding has a cause, or several, the likeliest first, each with evidence. A
cause is a judgement: from what ThreadSanitizer reports, the source around both
places, and what the harness saw; never from the names in it. `unknown` says
that nothing fits. This is what `snag explain CAUSE` says, and how the mistake
looks in a report.
end
"$snag" explain | sed -n '/^Causes$/,/^$/s/^  \([a-z-]*\)$/\1/p' |
	while read -r cause; do
		printf '\n## %s\n' "$cause"
		"$snag" explain "$cause" | awk -f "$here/causes.awk" \
			-v shows="$(sed -n "s/^$cause: //p" "$here/causes.txt")"
	done
