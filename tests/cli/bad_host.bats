# Programs that are no host, or no good one.
load helper

# refused CODE HOST TEXT...: by list and by run, in one sentence.
refused() {
	local command

	for command in list run; do
		gives "$1" "$command" --host "$2"
		is_empty out
		complains_once "$3" "${@:4}"
	done
	[ ! -e snag-out/result.json ] || fail "something was run"
}

@test "a host that is not there" {
	refused 2 nosuch "cannot use host 'nosuch': No such file or directory"
	refused 2 "" "cannot use host ''"
}

@test "a folder, a device" {
	refused 2 . "is not a scenario host: it is not a file"
	refused 2 /dev/null "is not a scenario host: it is not a file"
}

@test "a text, a script, an empty file" {
	echo "hello" >text
	refused 2 ./text "cannot run host" "Permission denied"
	printf '#!/bin/sh\nexit 0\n' >script
	: >empty
	chmod +x script empty
	refused 2 ./script "is not a scenario host" "(ELF)"
	refused 2 ./empty "is not a scenario host" "(ELF)"
}

@test "a program that ends in the middle of its file" {
	head -c 3000 "$faults" >cut
	chmod +x cut
	refused 2 ./cut "is not a scenario host"
	head -c 100000 "$faults" >cut
	refused 2 ./cut "is not a scenario host"
}

@test "a program that is no host" {
	refused 2 /bin/true "is not a scenario host: it is a program" \
		"snag_add_scenarios()"
}

@test "a host that was not instrumented" {
	refused 2 "$hosts/bare_plain" "bare_plain.c:" \
		"scenario bare/plain is not instrumented" "-fsanitize=thread"
}

@test "a scenario that is ill-formed, with its place" {
	refused 2 "$hosts/malformed" "malformed.c:" \
		"scenario malformed/no_expect has no .expect"
}

@test "a host of another wire version" {
	refused 3 "$fakes/wrong_wire" "speaks wire version 99" \
		"build the host again"
}

@test "a host that speaks nonsense" {
	refused 3 "$fakes/mumbler" "before it said hello"
}

@test "a host that is run by hand says how to run it" {
	run -2 "$faults"
	[[ $output == *"snag run --host"* ]]
}
