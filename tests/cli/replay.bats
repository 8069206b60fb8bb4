# One schedule again, and the least of it that matters.
load helper

# The lost update: T1 has loaded 1 when T2 makes it 5, and stores 2.
lost="T1*2 T2*5 T1*3"

@test "a schedule of a scenario is replayed, and can be written to a file" {
	gives 0 replay counter/lost_update --schedule "$lost" -o it.json
	prints "Outcome: lost" "Data race of bump_unlocked" \
		"Schedule: T1*2 T2*5 T1*3 T0"
	lacks out "does not show" "did not fit"
	holds it.json 'it["scenario"] == "counter/lost_update"' \
		'[t["thread"] for t in it["turns"]] == [1, 2, 1, 0]' \
		'any(t.get("function") == "bump_unlocked" for t in it["turns"])' \
		'len(it["fingerprint"]) == 32' 'len(it["build"]) >= 16'
	gives 0 replay it.json
	prints "It shows the same again."
}

@test "an iteration of a run is replayed by its seed and number" {
	gives 0 replay counter/lost_update --strategy random --seed 7 \
		--iteration 40 --format json -o it.json
	holds out 'it["is_same"]' 'it["seen"]["steps"] > 5' \
		'not it["seen"].get("left_at")'
	cp out first
	gives 0 replay counter/lost_update --strategy random --seed 7 \
		--iteration 40 --format json
	cmp out first
	gives 0 replay it.json --format json
	cmp out first
}

@test "a trace has a column a thread, values, marks and the outcome" {
	gives 0 replay counter/lost_update --schedule "$lost" --trace
	prints "T1 counter T2 counter" "counter->value = 1 <--[1]" \
		"-- preempted --" "counter->value = 2 (was 5)" \
		"[1] ThreadSanitizer: data race on counter->value" \
		"counter->value++;" "Outcome: lost"
	# In 80 columns, and without colour.
	[ "$(awk '{ if (length > n) n = length } END { print n }' out)" -le 90 ]
	lacks out $'\e'
	gives 0 replay counter/lost_update --schedule "$lost" --trace \
		--color always
	has out $'\e[1;31m'
}

@test "a deadlock says who holds what and waits for what" {
	gives 0 replay lock/abba --schedule "T1*7 T2*8 T1" --trace -o it.json
	prints "waits for lock#2, held by T2" "Outcome: @deadlock" \
		"T1 tenant holds lock#1 and waits for lock#2, held by T2, at" \
		"T2 landlord holds lock#2 and waits for lock#1, held by T1, at"
	gives 0 replay it.json
	prints "It shows the same again."
}

@test "a schedule that does not fit says where it was left" {
	gives 0 replay counter/lost_update --schedule "T1 T9*3 T2"
	prints "did not fit: left at step 2"
}

@test "what a file was kept for and is not seen again is code 1" {
	gives 0 replay counter/lost_update --schedule "$lost" -o it.json
	sed -i 's/"fingerprint": ".*"/"outcome": "never"/' it.json
	gives 1 replay it.json
	prints "It does not show the same again."
	gives 1 minimise it.json
	complains_once "does not show what it was kept for"
}

@test "minimise leaves what matters, and names the events that decide" {
	gives 0 replay lock/abba --schedule \
		"T1*2 T2 T1*2 T2*6 T1*3 T2 T1" -o it.json
	prints "Outcome: @deadlock" "Finding: Deadlock of transfer"
	gives 0 minimise it.json -o small.json
	prints "What decides is that" "The other way round it does not show." \
		"2 context switches of" "Written to small.json"
	holds small.json 'len(it["turns"]) == 3'
	gives 0 replay small.json
	prints "Outcome: @deadlock" "It shows the same again."
	cp small.json it.json
	gives 0 minimize it.json --no-trace
	prints "2 context switches of 2"
}

@test "a race that needs no switch is told to need none" {
	gives 0 replay counter/lost_update --schedule "T1 T2*2 T1*2 T2*2" \
		-o it.json
	gives 0 minimise it.json --no-trace
	prints "it shows whatever the threads do first" "0 preemptions of"
}

@test "wrong schedules are refused in one sentence" {
	gives 2 replay counter/lost_update --schedule "T1 X2"
	complains_once "character 4 ('X2')"
	gives 2 replay counter/lost_update
	complains_once "--schedule TEXT or --iteration N"
	gives 2 replay counter/lost_updat --iteration 1
	complains_once "did you mean 'counter/lost_update'"
	gives 2 replay nothing.json
	complains_once "nothing.json"
	echo '{"format":"snag-schedule","version":9}' >it.json
	gives 2 replay it.json
	complains_once "version 9"
	gives 0 replay counter/lost_update --schedule T1 -o it.json
	gives 2 replay it.json --seed 3
	complains_once "is a file"
	gives 2 replay it.json --host /nowhere
	complains_once "/nowhere"
	sed -i 's/lost_update/gone/' it.json
	gives 2 replay it.json
	complains_once "counter/gone"
}

@test "a schedule of another build is followed as far as it fits" {
	gives 0 replay counter/lost_update --schedule "$lost" -o it.json
	sed -i 's/"build": "..../"build": "ffff/' it.json
	gives 0 replay it.json
	complains_once "another build"
	prints "It shows the same again."
}

@test "in another build a turn ends where the thread's next one began" {
	gives 0 replay lock/abba --schedule "T1*7 T2*8 T1" -o it.json
	# As if two steps had come in before the one where T1 was left.
	sed -i 's/"build": "..../"build": "ffff/; s/"steps": 7/"steps": 5/' \
		it.json
	gives 0 replay it.json
	complains_once "another build"
	prints "Outcome: @deadlock" "Schedule: T1*7 T2*8 T1"
	sed -i 's/"function": "transfer[a-z_]*"/"function": "gone"/' it.json
	gives 0 replay it.json
	complains "turn 1 does not come to where"
}

@test "gdb stops before the event that decides, and knows virtual threads" {
	command -v gdb >/dev/null || skip "there is no gdb"
	gdb -nx -batch -ex run --args /bin/true 2>&1 | grep -q "exited" ||
		skip "gdb may not trace here"
	gives 0 replay lock/abba --schedule "T1*7 T2*8 T1" --gdb \
		--gdb-commands "snag bt 1;snag step;snag bt 2;continue"
	prints "before step 16" "T1 tenant can run lock abba.c:60" \
		"before step 17" "in transfer_payer_first (from=" \
		"T2 landlord waits lock abba.c:61"
	lacks out "snag-harness/explore/turn.c"
}
