# What goes beyond a bound is ended, and said; what cannot run is skipped.
load helper

@test "memory without end is ended" {
	faulty 3 memory --time 20s --max-memory 300M
	prints "ended in iteration 1: it used more than 300 MiB of memory" \
		"1 scenario: 1 error; 0 findings; exit 3"
	result 's["verdict"] == "error"' 'iterations == 0'
}

@test "processes without end are ended" {
	faulty 3 forks --time 20s --max-processes 32
	prints "ended in iteration 1: it had more than 32 processes" "1 error"
	result 's["verdict"] == "error"' 'iterations == 0'
}

@test "a daemon is ended, and noted" {
	faulty 0 daemon --iterations 300
	prints "note: an iteration left processes behind; they were ended" \
		"clean, as expected"
	result 'iterations == 300' \
		'sum("left processes" in n for n in s["notes"]) == 1'
}

@test "a gigabyte of output is taken and thrown away" {
	faulty 0 print --iterations 1
	prints "clean, as expected"
	[ "$(wc -c <out)" -lt 5000 ] || fail "it was printed"
	lacks out "red"
	result 'iterations == 1'
}

@test "more locks than ThreadSanitizer can follow are noted" {
	faulty 0 locks --iterations 100
	prints "note: a thread held more locks at once than" \
		"clean, as expected"
	result 'iterations == 100' 'count("") == 100' \
		's["verdict"] == "as-expected"'
}

@test "the counts of a host that overwrites them are not believed" {
	faulty 1 scribble --iterations 200
	prints "note: it overwrote the memory in which the harness counts" \
		"outcome @abort"
	result 'iterations <= 4' 's["verdict"] == "unexpected"'
}

@test "nor when it writes to the files of the harness" {
	faulty 1 text --iterations 1 --timeout 500ms
	prints "it overwrote the memory in which the harness counts" \
		"outcome @hang in 1 of 1 iteration"
	result 'iterations == 1' 'count("@hang") == 1'
}

@test "what the caller has open is not the host's to write to" {
	exec 7>open
	faulty 1 text --iterations 1 --timeout 300ms
	exec 7>&-
	is_empty open
}

@test "an outcome full of tricks is shown harmlessly" {
	faulty 1 outcome --iterations 50
	prints 'not described: outcome "odd' '<b>&|'
	lacks out $'\e'
	lacks snag-out/result.json $'\e' '\u001b'
	iconv -f UTF-8 -t UTF-8 out >/dev/null || fail "out is not UTF-8"
	result 'iterations == 50' 's["verdict"] == "unexpected"' \
		'"<b>&|" in runs[0]["outcomes"][0]["name"]'
}

@test "a scenario whose setup refuses is skipped, with its reason" {
	faulty 3 refuse --iterations 5
	prints "no such device here" "1 skipped; 0 findings" \
		"exit 3: nothing was tested"
	result 's["verdict"] == "skipped"' 'iterations == 0' \
		's["why"] == "no such device here"'
}

@test "a scenario that may not run is skipped, with its reason" {
	faulty 3 skip --iterations 5
	prints "only on the moon" "exit 3: nothing was tested"
	result 's["verdict"] == "skipped"' 'not s["runs"]'
}

@test "a skipped scenario does not spoil the others" {
	gives 0 run --host "$faults" --iterations 20 --threads 2 \
		fault/skip fault/none
	prints "2 scenarios: 1 as expected, 1 skipped" "exit 0"
}

@test "what is required and not seen says what rate is excluded" {
	faulty 1 missed --iterations 300
	prints 'required and not seen: outcome "never" (it cannot be seen)' \
		"in 300 iterations, so its rate is below 0.99 % at 95 %" \
		"300 more iterations would show it with 95 % probability" \
		"MISSED"
	result 's["verdict"] == "missed"' 'iterations == 300'
}

@test "a green of few iterations says that it proves little" {
	faulty 0 none --iterations 10
	prints "clean, as expected" "note: this green proves little"
}
