# The end comes from outside: what was counted is kept, nothing lives on.
# fault/wait runs twenty iterations, and waits in the next one for the file go.
load helper

# begin ARG...: a run that lasts until somebody ends it, and waits by now.
begin() {
	start run --host "$faults" --threads 2 --color never --jobs 1 "$@"
	is_waiting
}

@test "Ctrl-C writes what was counted" {
	begin --time 60s fault/wait
	kill -INT "$pid"
	ends 130
	prints "clean, as expected" "in 20 iterations" "exit 130: interrupted"
	result 'it["interrupted"]' 'it["exit"] == 130' 'iterations == 20' \
		'count("") == 20'
	nothing_is_left
}

@test "SIGTERM and SIGHUP do so too" {
	for signal in TERM HUP; do
		begin --time 60s fault/wait --out "$signal"
		kill -"$signal" "$pid"
		ends 130
		holds "$signal/result.json" 'it["interrupted"]' \
			'iterations == 20'
		nothing_is_left
	done
}

@test "Ctrl-C keeps the finding of the iteration that it cuts off" {
	begin --time 60s fault/race_wait
	kill -INT "$pid"
	ends 130
	prints "data race of race"
	result 'it["interrupted"]' 'kinds == ["data race"]' \
		'20 <= iterations <= 21'
}

@test "Ctrl-C ends all hosts" {
	start run --host "$faults" --threads 2 --jobs 4 --time 60s fault/wait
	is_waiting
	kill -INT "$pid"
	ends 130
	result 'iterations >= 20' 'count("") == iterations'
	nothing_is_left
}

@test "a scenario that was not reached is skipped, and said so" {
	begin --time 60s fault/wait fault/none
	kill -INT "$pid"
	ends 130
	prints "interrupted before it ran"
	result 'it["interrupted"]' \
		'[s["verdict"] for s in it["subjects"]]
			== ["as-expected", "skipped"]'
}

@test "under nohup it lives on when the terminal goes" {
	env --ignore-signal=HUP "${tool[@]}" run --host "$faults" --threads 2 \
		--iterations 30 fault/wait >out 2>err </dev/null 3>&- &
	pid=$!
	is_waiting
	kill -HUP "$pid"
	: >go
	ends 0
	result 'not it["interrupted"]' 'iterations == 30'
}

@test "SIGKILL takes host and batch along" {
	begin --time 60s fault/wait
	[ "$(processes | grep -c " $faults\$")" -eq 2 ] ||
		fail "these are not one host and one batch"
	kill -KILL "$pid"
	ends 137
	nothing_is_left
}

@test "the result of an earlier run survives SIGKILL" {
	faulty 1 race --iterations 50
	cp -r snag-out before
	begin --time 60s fault/race_wait
	kill -KILL "$pid"
	ends 137
	diff -r before snag-out
}

@test "a host that is killed is trouble, and its counts are kept" {
	begin --iterations 50 fault/wait
	kill -KILL "$(child_of "$pid")"
	is_waiting
	: >go
	ends 3
	prints "a host process died" "while it ran fault/wait" \
		"what it had counted is kept" "Snag or its environment failed"
	result 'not it["interrupted"]' 'iterations == 50' 'count("") == 50' \
		'any("a host process died" in n for n in it["notes"])'
}

@test "a finding goes before a host that was killed" {
	begin --iterations 50 fault/race_wait
	kill -KILL "$(child_of "$pid")"
	is_waiting
	: >go
	ends 1
	prints "a host process died" "data race of race"
	result 'it["exit"] == 1' 'kinds == ["data race"]' \
		'50 <= iterations <= 51'
}

@test "hosts that die again and again do not stop a run that gets on" {
	begin --iterations 100 fault/wait
	for _ in 1 2 3; do
		kill -KILL "$(child_of "$pid")"
		is_waiting
	done
	: >go
	ends 3
	prints "a host process died"
	result 'iterations == 100' 'it["exit"] == 3'
}

@test "a scenario that kills its host is given up, the others run" {
	gives 3 run --host "$faults" --threads 2 --time 5s fault/kill fault/none
	prints "a host process died" "while it ran fault/kill" \
		"fault/none clean"
	result '[s["verdict"] for s in it["subjects"]
			if s["id"] == "fault/none"] == ["as-expected"]' \
		'[s["verdict"] for s in it["subjects"]
			if s["id"] == "fault/kill"] == ["error"]'
}

@test "a batch that is killed from outside is an error, not a crash" {
	begin --time 60s fault/wait
	kill -KILL "$(child_of "$(child_of "$pid")")"
	ends 3
	prints "the batch was killed from outside in iteration 21" "1 error"
	result 's["verdict"] == "error"' 'not findings' 'iterations == 20'
}
