# complete.awk: a shell's completions of snag, from the words of its help.
#
#   awk -v shell=bash|zsh|fish -f complete.awk HELP
#
# HELP holds `snag help` and then, for each command, a line "= COMMAND" and
# `snag help COMMAND`.  What follows an option comes from the name of its value
# (FILE, DIR, ...) or from a description that starts with the choices: "auto,
# always or never (default: auto)".

# "  list      the scenarios of a host", in the first such paragraph.
command == "" && /^  [a-z]/ && !is_past {
	name = $1
	sub(/^  [a-z-]+ +/, "")
	commands[++command_count] = name
	summary[name] = $0
}
command == "" && /^$/ && command_count { is_past = 1 }

/^= / {
	finish()
	command = $2
	next
}
command == "" { next }

# What stands for a file, a scenario or a command among the arguments.
/^Usage: / || (in_usage && /^ /) {
	in_usage = 1
	if (/FILTER|SCENARIO/)
		argument[command] = "ids"
	else if (/RESULT|FILE|DIR|PROGRAM/)
		argument[command] = "files"
	else if (/snag COMMAND/)
		argument[command] = "commands"
	next
}
{ in_usage = 0 }

/^ +-/ && !/^                    / {
	finish()
	text = $0
	option = ""
	if (match(text, /^ +-[A-Za-z],/))
		short = substr(text, RLENGTH - 1, 1)
	if (match(text, /--[a-z][a-z-]*/)) {
		option = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		if (match(text, /^\[?=[A-Za-z|]+\]?/)) {
			value = substr(text, 1, RLENGTH)
			gsub(/[^A-Za-z|]/, "", value)
			text = substr(text, RLENGTH + 1)
		}
	}
	sub(/^.*  /, "", text)
	said = text
	next
}
# The rest of a description stands below its beginning.
option != "" && /^                    / {
	sub(/^ +/, "")
	said = said (said == "" ? "" : " ") $0
	next
}
{ finish() }

# The option that was being read is whole.
function finish() {
	if (option != "")
		add(command, option, short, value, said)
	option = short = value = said = ""
}

function add(command, option, short, value, said,   n) {
	n = ++option_count[command]
	options[command, n] = option
	shorts[command, n] = short
	values[command, n] = value
	choices[command, n] = value == "" ? "" : choices_of(said)
	says[command, n] = said
}

function choices_of(said) {
	if (!match(said, /^[a-z][a-z0-9-]*((, | or )[a-z][a-z0-9-]*)+/))
		return ""
	if (substr(said, RLENGTH + 1) !~ /^($|:| \()/)
		return ""
	said = substr(said, 1, RLENGTH)
	gsub(/, | or /, " ", said)
	return said
}

# files, folders, or "": nothing that a shell could know.
function kind(value) {
	if (value ~ /FILE|PROGRAM|RESULT/)
		return "files"
	return value ~ /DIR/ ? "folders" : ""
}

END {
	finish()
	print (shell == "zsh" ? "#compdef snag\n" : "") \
		"# Completions of snag; made from its help."
	if (shell == "bash")
		bash()
	else if (shell == "zsh")
		zsh()
	else
		fish()
}

function all_commands(   i, words) {
	for (i = 1; i <= command_count; i++)
		words = words (i > 1 ? " " : "") commands[i]
	return words
}

function bash_words(words) {
	return "mapfile -t COMPREPLY < <(compgen -W \"" words "\" -- \"$cur\")"
}

function bash_value(c, i,   is) {
	is = kind(values[c, i])
	if (choices[c, i] != "")
		return bash_words(choices[c, i])
	if (is == "files")
		return "compopt -o default"
	return is == "" ? ":" : "compopt -o dirnames"
}

function bash(   c, i, n, words, pattern) {
	print "_snag_ids()\n{"
	print "\tsnag list ${1:+--host \"$1\"} 2>/dev/null |"
	print "\t\tsed -n 's,^\\([a-z0-9_]*/[a-z0-9_]*\\) .*,\\1,p'\n}\n"
	print "_snag()\n{"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} host= i"
	print "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	print "\tCOMPREPLY=()"
	print "\tif [ \"$COMP_CWORD\" -eq 1 ]; then"
	print "\t\t" bash_words(all_commands()) "\n\t\treturn\n\tfi"
	print "\t# readline makes three words of --name=value."
	print "\tif [ \"$cur\" = = ]; then\n\t\tcur="
	print "\telif [ \"$prev\" = = ]; then"
	print "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi"
	print "\tfor ((i = 2; i < COMP_CWORD - 1; i++)); do"
	print "\t\t[ \"${COMP_WORDS[i]}\" != --host ] || host=${COMP_WORDS[i + 1]}"
	print "\t\t[ \"$host\" != = ] || host=${COMP_WORDS[i + 2]}"
	print "\tdone"
	print "\tcase \"${COMP_WORDS[1]} $prev\" in"
	for (n = 1; n <= command_count; n++) {
		c = commands[n]
		for (i = 1; i <= option_count[c]; i++) {
			if (values[c, i] == "")
				continue
			pattern = "\"" c " " options[c, i] "\""
			if (shorts[c, i] != "")
				pattern = pattern " | \"" c " -" shorts[c, i] "\""
			print "\t" pattern ") " bash_value(c, i) "; return ;;"
		}
	}
	print "\tesac\n\tcase \"${COMP_WORDS[1]} $cur\" in"
	for (n = 1; n <= command_count; n++) {
		c = commands[n]
		words = ""
		for (i = 1; i <= option_count[c]; i++)
			words = words (i > 1 ? " " : "") options[c, i]
		print "\t\"" c " -\"*) " bash_words(words) " ;;"
		if (argument[c] == "ids")
			print "\t\"" c " \"*) " bash_words("$(_snag_ids \"$host\")") " ;;"
		else if (argument[c] == "commands")
			print "\t\"" c " \"*) " bash_words(all_commands()) " ;;"
		else if (argument[c] == "files")
			print "\t\"" c " \"*) compopt -o default ;;"
	}
	print "\tesac\n}\ncomplete -F _snag snag"
}

# In single quotes of the Bourne shells.
function quoted(text) {
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

function zsh_spec(c, i, name, join,   text, is) {
	text = says[c, i]
	gsub(/[][\\]/, "\\\\&", text)
	text = name (values[c, i] == "" ? "" : join) "[" text "]"
	if (values[c, i] == "")
		return quoted(text)
	is = kind(values[c, i])
	return quoted(text ":" tolower(values[c, i]) ":" \
		(choices[c, i] != "" ? "(" choices[c, i] ")" : \
		 is == "files" ? "_files" : is == "folders" ? "_files -/" : " "))
}

function zsh(   c, i, n, action) {
	print "_snag_ids() {\n\tlocal -a ids\n\tids=(${(f)\"$(snag list 2>/dev/null |"
	print "\t\tsed -n 's,^\\([a-z0-9_]*/[a-z0-9_]*\\) .*,\\1,p')\"})"
	print "\tcompadd -a ids\n}\n"
	print "_snag() {\n\tlocal command\n\tlocal -a commands\n\tcommands=("
	for (n = 1; n <= command_count; n++)
		print "\t\t" quoted(commands[n] ":" summary[commands[n]])
	print "\t)\n\tif (( CURRENT == 2 )); then"
	print "\t\t_describe command commands\n\t\treturn\n\tfi"
	print "\tcommand=$words[2]\n\tshift words\n\t(( CURRENT-- ))"
	print "\tcase $command in"
	action["ids"] = "_snag_ids"
	action["files"] = "_files"
	action["commands"] = "(" all_commands() ")"
	for (n = 1; n <= command_count; n++) {
		c = commands[n]
		print "\t" c ")\n\t\t_arguments -s \\"
		for (i = 1; i <= option_count[c]; i++) {
			if (shorts[c, i] != "")
				print "\t\t\t" zsh_spec(c, i, "-" shorts[c, i], "+") " \\"
			print "\t\t\t" zsh_spec(c, i, options[c, i], "=") " \\"
		}
		print "\t\t\t" quoted("*:argument:" (argument[c] in action \
			? action[argument[c]] : " ")) "\n\t\t;;"
	}
	print "\tesac\n}\n\n_snag \"$@\""
}

function fish_quoted(text) {
	gsub(/[\\']/, "\\\\&", text)
	return "'" text "'"
}

function fish_value(c, i,   is) {
	is = kind(values[c, i])
	if (values[c, i] == "")
		return ""
	if (choices[c, i] != "")
		return " -x -a " fish_quoted(choices[c, i])
	if (is == "files")
		return " -r -F"
	return is == "" ? " -x" : " -x -a '(__fish_complete_directories)'"
}

function fish(   c, i, n, when) {
	print "function __snag_ids"
	print "\tsnag list 2>/dev/null | string match -rg '^([a-z0-9_]+/[a-z0-9_]+) '"
	print "end\ncomplete -c snag -f"
	for (n = 1; n <= command_count; n++) {
		c = commands[n]
		print "complete -c snag -n __fish_use_subcommand -a " c \
			" -d " fish_quoted(summary[c])
		when = "complete -c snag -n '__fish_seen_subcommand_from " c "'"
		if (argument[c] == "ids")
			print when " -a '(__snag_ids)'"
		else if (argument[c] == "commands")
			print when " -a " fish_quoted(all_commands())
		else if (argument[c] == "files")
			print when " -F"
		for (i = 1; i <= option_count[c]; i++)
			print when (shorts[c, i] == "" ? "" : " -s " shorts[c, i]) \
				" -l " substr(options[c, i], 3) fish_value(c, i) \
				" -d " fish_quoted(says[c, i])
	}
}
