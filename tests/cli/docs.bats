# docs/: what is made from the tool is current, and links lead somewhere.
load helper

@test "docs/causes.md is what the tool says" {
	"$SNAG_SOURCE_DIR/docs/make-causes.sh" "$SNAG" >out
	diff -u "$SNAG_SOURCE_DIR/docs/causes.md" out >err ||
		fail "docs/make-causes.sh $SNAG >docs/causes.md renews it"
}

@test "docs/causes.txt says of every cause how it shows, and of nothing else" {
	"$SNAG" explain | sed -n '/^Causes$/,/^$/s/^  \([a-z-]*\)$/\1/p' >there
	sed 's/: .*//' "$SNAG_SOURCE_DIR/docs/causes.txt" >said
	[ "$(wc -l <there)" -gt 20 ] || fail "hardly a cause is known"
	diff there said >err || fail "they differ"
}

@test "links in the documentation lead to files that are there" {
	local count=0 file folder link

	for file in "$SNAG_SOURCE_DIR"/*.md "$SNAG_SOURCE_DIR"/docs/*.md \
		"$SNAG_SOURCE_DIR"/docs/decisions/*.md \
		"$SNAG_SOURCE_DIR"/examples/*.md; do
		folder=$(dirname "$file")
		while read -r link; do
			[ -e "$folder/$link" ] || fail "$file: $link"
			count=$((count + 1))
		done < <(grep -oE '\]\([^)#:]+[)#]' "$file" |
			sed 's/^](//; s/[)#]$//')
	done
	[ "$count" -gt 40 ] || fail "only $count links were found"
}

@test "commands that the README and the guides name are there, with their options" {
	local command count=0 file option words

	for file in README.md docs/guide-developer.md docs/guide-teacher.md \
		docs/guide-ci.md docs/baseline.md; do
		sed -e ':join' -e '/\\$/{N;s/\\\n//;b join}' \
			-e 's/ -- .*//; s/#.*//' "$SNAG_SOURCE_DIR/$file" |
			grep -E '^    snag [a-z]+' >said || continue
		while read -r _ command words; do
			[ "$command" != baseline ] ||
				command="baseline ${words%% *}"
			# shellcheck disable=SC2086 # two words, of baseline
			gives 0 $command --help
			for option in $(grep -oE -- '(^| )--[a-z-]+' \
				<<<"$words"); do
				grep -qE -- "$option(=|[[:space:]]|\$)" out ||
					fail "$file: snag $command $option"
				count=$((count + 1))
			done
		done <said
	done
	[ "$count" -ge 30 ] || fail "only $count options were found"
}
