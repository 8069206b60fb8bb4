# causes.awk: what `snag explain CAUSE` prints as Markdown, below its heading.
# -v shows=TEXT stands behind the first paragraph.

function flush() {
	if (text == "")
		return
	print "\n" (title == "" ? "" : "**" title ".** ") text
	text = ""
	if (title == "")
		print "\n**How it shows.** " shows
}

NR <= 2 {
	next
}

/^$/ {
	flush()
	is_title = 1
	next
}

is_title && /^[^ ]/ {
	title = $0
	if (sub(/^Practice: /, "", title)) {
		text = "`" title "`:"
		title = "Practice"
	}
	is_list = title ~ /^Scenarios/
	if (is_list)
		print "\n**" title ".**\n"
	is_title = 0
	next
}

is_list {
	id = $1
	expect = $2
	sub(/^ *[^ ]+ +[^ ]+ +/, "")
	print "- `" id "` (" expect "): " $0
	next
}

{
	sub(/^ +/, "")
	text = text (text == "" ? "" : " ") $0
}

END {
	flush()
}
