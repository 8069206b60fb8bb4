# Scenarios that crash, hang or end in the middle of an iteration: named,
# counted, and cleaned up after.
load helper

# These strike in one iteration of fifty and thread, the same ones for the
# same seed: sixty iterations with two threads hold some of them.
iterations=60

@test "a crash is an outcome, with its place" {
	faulty 1 crash --iterations $iterations
	prints "not described: outcome @crash in" "of 60 iterations" \
		"crash in crash (faults.c:" \
		"1 scenario: 1 unexpected; 1 finding; exit 1"
	result 'iterations == 60' 'count("@crash") >= 1' \
		'count("") + count("@crash") == 60' 'kinds == ["crash"]' \
		'findings[0]["count"] == count("@crash")' \
		'"crash" in frames' 's["verdict"] == "unexpected"'
}

@test "the same seed crashes in the same iterations" {
	faulty 1 crash --iterations 200 --seed 3 --out first
	faulty 1 crash --iterations 200 --seed 3 --jobs 1 --out second
	faulty 1 crash --iterations 200 --seed 4 --out third
	runs='[[o["name"], o["count"], o["first"]] for r in runs
		for o in r["outcomes"]]'
	print_runs="print($runs) or True"
	holds first/result.json "$print_runs" >first.runs
	holds second/result.json "$print_runs" >second.runs
	holds third/result.json "$print_runs" >third.runs
	cmp first.runs second.runs
	! cmp -s first.runs third.runs || fail "another seed changed nothing"
}

@test "abort is told from a crash" {
	faulty 1 abort --iterations $iterations
	prints "not described: outcome @abort in" "abort in give_up (faults.c:"
	result 'iterations == 60' 'count("@abort") >= 1' \
		'kinds == ["abort"]' '"give_up" in frames'
}

@test "exit(0) in the middle is no success" {
	faulty 1 exit --iterations $iterations
	prints "not described: outcome @exit in"
	result 'iterations == 60' 'count("@exit") >= 1' 'kinds == ["exit"]'
}

@test "to become another program is an exit too" {
	faulty 1 exec --iterations $iterations
	prints "not described: outcome @exit in"
	result 'iterations == 60' 'count("@exit") >= 1'
}

@test "a crash in setup is counted" {
	faulty 1 setup --iterations 5
	prints "outcome @crash in 5 of 5 iterations" "crash_in_setup"
	result 'iterations == 5' 'count("@crash") == 5'
}

@test "a spin without end is a hang, by its processor time" {
	faulty 1 spin --iterations 200
	prints "not described: outcome @hang in" \
		"note: it hung 3 times and was not run again"
	result '3 <= count("@hang") <= 4' 'iterations < 200' \
		'count("") + count("@hang") == iterations' \
		'kinds == ["hang"]' '"spin" in frames'
}

@test "a read without end is a hang, without any processor time" {
	faulty 1 read --iterations 200
	prints "not described: outcome @hang in" \
		"note: it hung 3 times and was not run again"
	result '3 <= count("@hang") <= 4' 'kinds == ["hang"]' \
		'"read_for_ever" in frames'
}

@test "slow is no hang" {
	faulty 0 nap --iterations 2
	prints "clean, as expected" "2 iterations"
	result 'iterations == 2' 'count("") == 2' 'not findings'
}

@test "a deadlock is told from a hang, with the stacks of its threads" {
	faulty 1 deadlock --iterations $iterations
	prints "not described: outcome @deadlock in" "lock_for_ever" \
		"pthread_mutex_lock(&never);"
	lacks out "hang"
	result 'iterations == 60' 'count("@deadlock") >= 2' \
		'kinds == ["deadlock"]' '"lock_for_ever" in frames'
}

@test "a deadlock is named by the program's function, not by the harness's" {
	faulty 1 deadlock --iterations $iterations
	prints "deadlock in lock_for_ever (faults.c:"
	lacks out "futex_wait" "run_iterations" "usleep"
}

@test "pthread_exit in a body harms nothing" {
	faulty 0 thread_exit --iterations 200
	prints "clean, as expected"
	result 'iterations == 200' 'count("") == 200'
}

@test "a thread left behind is an outcome" {
	faulty 1 thread --iterations 200
	prints "not described: outcome @thread-leak in" "threads left behind"
	result 'iterations == 200' 'count("@thread-leak") >= 1' \
		'findings[0]["causes"][0]["cause"] == "thread-leak"'
}

@test "a race that nobody expects is unexpected" {
	faulty 1 race --iterations 300
	prints "not described: data race of race (faults.c:" \
		"with itself in" "exit 1: not all is as expected"
	result 'iterations == 300' 'kinds == ["data race"]' \
		'sum(f["hits"] for r in runs for f in r["findings"]) > 150' \
		'findings[0]["accesses"][0]["frames"][0]["function"] == "race"'
}

@test "a race is kept when its iteration is cut off" {
	faulty 1 race_stay --time 6s --jobs 1
	prints "data race of race (faults.c:" "in 1 of 1 iteration"
	result 'iterations == 1' 'kinds == ["data race"]'
}

@test "a fault in one scenario does not touch the next" {
	gives 1 run --host "$faults" --threads 2 --iterations 50 \
		fault/none fault/crash fault/locks fault/exit fault/none
	prints "4 scenarios: 2 unexpected, 2 as expected; 2 findings; exit 1"
	result '[s["verdict"] for s in it["subjects"] if s["id"] in
		("fault/none", "fault/locks")] == ["as-expected"] * 2' \
		'all(r["iterations"] == 50 for r in runs)'
}
