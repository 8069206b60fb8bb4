# Help, explanations, and the doctor.
load helper

@test "explain a scenario: lesson, expectation, repair, Python" {
	gives 0 explain counter/lost_update
	prints "counter/lost_update: several threads" \
		"broken, practice" "scenarios/counter/lost_update.c:" \
		"What must and may be seen" "required data race" \
		"In free-threaded Python" "Repaired by counter/counter_" \
		"See it: snag run counter/lost_update"
	gives 0 explain counter/counter_mutex
	prints "Repairs counter/lost_update"
}

@test "the first and the last scenario of every family can be explained" {
	gives 0 list --format json
	ids=$(/usr/bin/python3 -c '
import json
families = {}
for s in json.load(open("out"))["scenarios"]:
    families.setdefault(s["id"].split("/")[0], []).append(s["id"])
for ids in families.values(): print(ids[0], ids[-1])')
	[ "$(wc -w <<<"$ids")" -ge 30 ]
	for id in $ids; do
		gives 0 explain "$id"
		prints "$id: " "See it: snag run $id"
	done
}

@test "explain a cause, and the scenarios that show it" {
	gives 0 explain lost-update
	prints "lost-update: a cause" "Why it is harmful" "Repair" \
		"Practice: " "counter/lost_update"
}

@test "explain a practice, and the scenarios that follow it" {
	gives 0 explain partition
	prints "partition: a practice" "partition/partitioned_sum"
	lacks out "partition/overlapping_chunks"
}

@test "explain lists causes and practices, and each has an explanation" {
	gives 0 explain
	prints "Causes lost-update" "Practices" "Scenarios: snag list"
	names=$(sed -n 's/^  \([a-z][a-z-]*\)$/\1/p' out)
	[ "$(wc -w <<<"$names")" -ge 30 ]
	for name in $names; do
		gives 0 explain "$name"
		prints "$name: a "
	done
}

@test "every cause that a scenario requires is one that can be explained" {
	gives 0 list --format json
	causes=$(/usr/bin/python3 -c '
import json
for s in json.load(open("out"))["scenarios"]:
    for line in s["reports"] + s["outcomes"]:
        if line.get("cause"): print(line["cause"])' | sort -u)
	[ "$(wc -w <<<"$causes")" -ge 15 ]
	gives 0 explain
	for cause in $causes; do
		grep -qx "  $cause" out || fail "no cause $cause"
	done
}

@test "explain a finding by the first digits of its fingerprint" {
	gives 0 run counter/lost_update --threads 2 --iterations 50
	print=$(sed -n 's/.*more *snag explain \([0-9a-f]*\).*/\1/p' out)
	[ -n "$print" ] || fail "no fingerprint is shown"
	gives 0 explain "$print"
	prints "data race of bump_unlocked" "cause lost-update"
	gives 0 explain "${print:0:6}"
	prints "data race of bump_unlocked"
	mv snag-out elsewhere
	gives 0 explain "$print" --result elsewhere
	prints "data race of bump_unlocked"
	gives 2 explain "$print"
	complains_once "snag-out"
	gives 2 explain ffffffffffff --result elsewhere
	complains_once "no finding in 'elsewhere' begins with ffffffffffff"
}

@test "explain asks the host that is named" {
	gives 0 explain fault/crash --host "$faults"
	prints "fault/crash: writes to address 8"
	gives 2 explain fault/crash
	complains_once "nothing is called 'fault/crash'"
	gives 2 explain fault/crash --host nosuch
	complains_once "cannot use host 'nosuch'"
}

@test "help for all and for each command" {
	gives 0 help
	cp out overview
	gives 0 --help
	diff overview out
	prints "Usage: snag COMMAND" "Exit codes: 0 as expected"
	for command in list run report explain doctor; do
		has overview " $command "
		gives 0 help "$command"
		prints "Usage: snag $command"
		cp out one
		gives 0 "$command" --help
		diff one out
		is_empty err
	done
	gives 0 help help
	diff overview out
}

@test "every option of run stands in its help" {
	gives 0 help run
	for option in host threads engine noise seed time iterations \
		until-rate until-fail stop-after jobs timeout max-memory \
		max-processes out format verbose quiet color; do
		prints "--$option"
	done
}

@test "lines of help fit a terminal" {
	for command in help "help run" "help list" "help doctor" explain \
		"explain lost-update" "explain counter/lost_update"; do
		# shellcheck disable=SC2086 # words
		gives 0 $command
		[ "$(grep -v '^  [a-z_]*/' out | wc -L)" -le 80 ] ||
			fail "snag $command is too wide"
	done
}

@test "--version is one line" {
	gives 0 --version
	[[ $(cat out) =~ ^snag\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	gives 0 -V
}

@test "the doctor finds this machine well" {
	gives 0 doctor
	prints "machine" "races seen" ": as-expected" "symbols" "hung stacks"
	! grep '^NO' out || fail "something is missing"
	[ ! -e snag-out ] || fail "it left a folder here"
	[ -z "$(find /tmp -maxdepth 1 -name 'snag-doctor-*' -newer out)" ]
}

@test "the doctor says what is wrong with a host" {
	gives 3 doctor --host /bin/true
	grep -q '^NO *host .*not a scenario host' out ||
		fail "it does not say so"
	prints "Something is missing"
}
