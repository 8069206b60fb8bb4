#!/bin/sh
# layers.sh: includes point only downwards.
#
# A folder may include from itself and from what the table gives it; a family
# of scenarios from its own folder and the one public header.  Prints each
# include that breaks this, and then fails.
set -eu
cd "$(dirname "$0")/.."

allowed='
src/base:
src/model:    src/base
src/read:     src/model src/base
src/judge:    src/model src/base
reports:      src/model src/base
src/gather:   src/read src/judge src/model src/base
src/campaign: src/read src/judge src/model src/base snag/wire.h snag/wire_explore.h snag/scenario.h
src/program:  src/read src/judge src/model src/base
src/cmd:      src/campaign src/program src/gather src/read src/judge src/model src/base reports
harness:      snag/scenario.h snag/wire.h snag/wire_explore.h harness/explore harness/virtual harness/oracle
harness/program: harness harness/explore harness/virtual harness/oracle snag/wire.h
harness/explore: harness harness/virtual harness/oracle snag/wire.h snag/wire_explore.h
harness/virtual: harness harness/explore harness/oracle snag/wire.h snag/wire_explore.h
harness/oracle:  harness harness/explore harness/virtual snag/wire.h snag/wire_explore.h
harness/strategy: harness/explore
preload:
scenarios:    snag/scenario.h
tests/hosts:  snag/scenario.h
tests/kernels: snag/scenario.h
include/snag: snag/scenario.h snag/wire.h
'

grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]+("|<snag/)' \
	--include='*.[chS]' src reports harness preload scenarios include \
	tests/hosts tests/kernels 2>/dev/null | awk -v allowed="$allowed" '
BEGIN {
	n = split(allowed, line, "\n")
	for (i = 1; i <= n; i++) {
		split(line[i], side, ":[ \t]*")
		if (side[1] == "")
			continue
		layers[side[1]] = 1
		may[side[1], side[1]] = 1
		m = split(side[2], to, " ")
		for (j = 1; j <= m; j++)
			may[side[1], to[j]] = 1
	}
}
function from_layer(path,   l, best) {
	# The longest: harness/strategy before harness.
	for (l in layers)
		if (index(path, l "/") == 1 && length(l) > length(best))
			best = l
	return best ? best : path
}
# Where the included name lives: a folder of the table, or a public header.
function to_layer(name, from,   folder) {
	if (name !~ /\// && from ~ /^harness\//)
		return "harness"
	if (name !~ /\//)
		return from # beside the file itself
	if (name ~ /^snag\// || name ~ /\.\./)
		return name
	folder = name
	sub(/\/[^\/]*$/, "", folder)
	if (from ~ /^harness/)
		return "harness/" folder
	return folder == "reports" ? folder : "src/" folder
}
{
	path = $0
	sub(/:.*/, "", path)
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*/, "", name)
	from = from_layer(path)
	if (!((from, to_layer(name, from)) in may)) {
		split($0, at, ":")
		printf "%s:%s: %s may not include \"%s\"\n", path, at[2],
			from, name
		bad = 1
	}
}
END { exit bad }'
