# The end comes from outside: what was counted is kept, nothing lives on.
load helper

# begin ARG...: a run that lasts until somebody ends it.
begin() {
	start run --host "$faults" --threads 2 --color never --time 60s "$@"
	batch_runs "$faults"
	sleep 0.3
}

@test "Ctrl-C writes what was counted" {
	begin fault/none
	kill -INT "$pid"
	ends 130
	prints "clean, as expected" "exit 130: interrupted"
	result 'it["interrupted"]' 'it["exit"] == 130' 'iterations > 0' \
		'count("") == iterations'
	nothing_is_left
}

@test "SIGTERM and SIGHUP do so too" {
	for signal in TERM HUP; do
		begin fault/none --out "$signal"
		kill -"$signal" "$pid"
		ends 130
		holds "$signal/result.json" 'it["interrupted"]' 'iterations > 0'
		nothing_is_left
	done
}

@test "Ctrl-C does not wait for what hangs" {
	start run --host "$faults" --threads 2 --time 60s fault/race_stay
	batch_runs "$faults"
	sleep 0.5
	kill -INT "$pid"
	ends 130
	prints "data race of race"
	result 'it["interrupted"]' 'kinds == ["data race"]'
}

@test "a scenario that was not reached is skipped, and said so" {
	begin fault/nap fault/none --jobs 1
	kill -INT "$pid"
	ends 130
	result 'it["interrupted"]' 'all(s["verdict"] in
		("as-expected", "skipped") for s in it["subjects"])'
}

@test "under nohup it lives on when the terminal goes" {
	env --ignore-signal=HUP "${tool[@]}" run --host "$faults" --threads 2 \
		--time 1s fault/none >out 2>err </dev/null 3>&- &
	pid=$!
	batch_runs "$faults"
	kill -HUP "$pid"
	ends 0
	result 'not it["interrupted"]' 'iterations > 0'
}

@test "SIGKILL takes host and batch along" {
	begin fault/none
	kill -KILL "$pid"
	ends 137
	nothing_is_left
}

@test "SIGKILL takes a host that hangs along" {
	start run --host "$faults" --threads 2 --time 60s fault/race_stay
	batch_runs "$faults"
	kill -KILL "$pid"
	ends 137
	nothing_is_left
}

@test "the result of an earlier run survives SIGKILL" {
	faulty 1 race --iterations 50
	cp -r snag-out before
	begin fault/none
	kill -KILL "$pid"
	ends 137
	diff -r before snag-out
}

@test "a host that is killed is trouble, and its counts are kept" {
	start run --host "$faults" --threads 2 --color never --jobs 1 \
		--time 1500ms fault/none
	batch_runs "$faults"
	sleep 0.3
	kill -KILL "$(host_of_snag)"
	ends 3
	prints "a host process died" "what it had counted is kept" \
		"Snag or its environment failed"
	result 'not it["interrupted"]' 'iterations > 100' \
		'any("a host process died" in n for n in it["notes"])'
}

@test "a finding goes before a host that was killed" {
	start run --host "$faults" --threads 2 --color never --jobs 1 \
		--time 1500ms fault/race
	batch_runs "$faults"
	sleep 0.3
	kill -KILL "$(host_of_snag)"
	ends 1
	prints "a host process died" "data race of race"
	result 'it["exit"] == 1' 'kinds == ["data race"]'
}

@test "a batch that is killed from outside is an error, not a crash" {
	start run --host "$faults" --threads 2 --color never --jobs 1 \
		--time 3s fault/nap
	batch_runs "$faults"
	host=$(host_of_snag)
	batch=$(processes | grep -v -e "^$host " -e "^$pid " | cut -d ' ' -f 1)
	kill -KILL "$batch"
	ends 3
	prints "the batch was killed from outside in iteration" "1 error"
	result 's["verdict"] == "error"' 'not findings'
}
