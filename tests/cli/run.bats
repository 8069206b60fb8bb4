# What a run does when all is well.
load helper

@test "a broken scenario is seen broken, with rates for each thread count" {
	gives 0 run counter/lost_update --threads 2,8 --seed 7 --time 2s
	prints "broken, as expected: data race between bump_unlocked" \
		"with 2 threads: " "with 8 threads: " "first in iteration" \
		"cause lost-update" "counter->value++" \
		"shown by counter/counter" "exit 0: all as expected"
	grep -q 'seen *stress with 2 threads: .*/.* ([0-9a-z.]*.*%)' out
	result 's["verdict"] == "as-expected"' \
		'[r["threads"] for r in runs] == [2, 8]' \
		'all(r["findings"][0]["low"] < r["findings"][0]["high"] or
			r["findings"][0]["low"] > 0.9 for r in runs)' \
		'findings[0]["causes"][0]["cause"] == "lost-update"' \
		'"bump_unlocked" in frames' \
		's["sources"][0]["seed"] == 7' \
		'it["command"].startswith("snag run counter/lost_update")'
}

@test "a clean scenario is seen clean, with the rate that is excluded" {
	gives 0 run counter/counter_mutex --threads 2 --iterations 2000
	prints "clean, as expected" "in 2,000 iterations, so a rate above" \
		"0.15 % is excluded at 95 %" "0 findings"
	result 's["verdict"] == "as-expected"' 'iterations == 2000' \
		'not findings'
}

@test "a blind scenario is seen by its outcome, not by reports" {
	gives 0 run lockfree/treiber_aba --threads 4 --iterations 500
	prints "broken and unseen by ThreadSanitizer, as expected"
	result 's["expect"] == "blind"' 'runs[0]["reports"] == 0' \
		'findings[0]["kind"] == "wrong outcome"'
}

@test "--iterations is exact, for each scenario and thread count" {
	gives 0 run counter --threads 2,4,8 --iterations 123
	result 'len(it["subjects"]) >= 6' 'runs' \
		'all(r["iterations"] == 123 for r in runs)' \
		'all(sum(o["count"] for o in r["outcomes"]) == 123
			for r in runs)'
}

@test "a short --time still reaches every scenario and thread count" {
	gives 0 run --time 20s counter flag publish partition list
	prints "exit 0: all as expected"
	result 'len(it["subjects"]) == 30' \
		'all(s["verdict"] == "as-expected" for s in it["subjects"])' \
		'all(r["iterations"] > 0 for r in runs)'
}

@test "what a --time does not reach is an error, and says what to do" {
	gives 3 run --time 1ms
	prints "the time was up before its turn came: allow more --time"
	result 'it["verdict"] == "error"'
}

@test "--until-rate runs as often as that takes" {
	gives 0 run counter/counter_atomic --threads 2 --until-rate 1e-3
	result 'iterations == 2995' 'not findings'
	prints "a rate above 0.10 % is excluded"
}

@test "--until-fail stops at the first failure" {
	gives 1 run --host "$faults" --until-fail --time 60s --threads 2 \
		fault/none fault/race
	result 'it["duration_ms"] < 30000' 'len(findings) >= 1'
}

@test "--until-fail does not stop for what is expected" {
	gives 0 run counter/lost_update --until-fail --iterations 300 \
		--threads 2
	result 'iterations == 300'
}

@test "--stop-after stops after so many findings" {
	gives 1 run --host "$faults" --stop-after 2 --time 60s --threads 2 \
		fault/race fault/crash fault/abort fault/exit
	result 'it["duration_ms"] < 30000' '2 <= len(findings) <= 4'
}

@test "a minimum of threads raises what was asked for" {
	gives 1 run --host "$faults" fault/race --threads 1 --iterations 50
	result '[r["threads"] for r in runs] == [2]'
}

@test "--noise heavy finds what there is and hurts nobody" {
	gives 0 run counter/lost_update counter/counter_mutex --noise heavy \
		--threads 2,8 --iterations 40
	result 'all(r["iterations"] == 40 for r in runs)' \
		'all("heavy" in r["strategy"] for r in runs)' \
		'kinds == ["data race"]'
	gives 0 run counter/lost_update counter/counter_mutex --noise light \
		--threads 2 --iterations 40
}

@test "many threads" {
	gives 0 run counter/counter_atomic --threads 64,1024 --iterations 4
	result '[r["threads"] for r in runs] == [64, 1024]' 'iterations == 8' \
		'not findings'
	gives 0 run counter/lost_update --threads 64 --iterations 20
}

@test "one job does what many do" {
	gives 0 run counter/lost_update counter/counter_mutex --jobs 1 \
		--threads 2 --iterations 200
	cp snag-out/result.json one.json
	gives 0 run counter/lost_update counter/counter_mutex --jobs 8 \
		--threads 2 --iterations 200
	for file in one.json snag-out/result.json; do
		holds "$file" 'all(r["iterations"] == 200 for r in runs)' \
			'findings[0]["causes"][0]["cause"] == "lost-update"' \
			'print(findings[0]["fingerprint"]) or True' >>prints
	done
	[ "$(sort -u prints | wc -l)" -eq 1 ] || fail "other fingerprints"
}

@test "a fingerprint is the same in every run" {
	for seed in 1 2 3; do
		gives 0 run publish/double_checked_init --threads 4 \
			--iterations 100 --seed "$seed"
		result 'print(sorted(f["fingerprint"] for f in findings))
			or True' >>prints
	done
	[ "$(sort -u prints | wc -l)" -eq 1 ] || fail "other fingerprints"
}

@test "--format json prints the result and nothing else" {
	gives 0 run counter/counter_mutex --threads 2 --iterations 20 \
		--format json
	is_empty err
	holds out 'iterations == 20'
	cmp out snag-out/result.json
}

@test "--format text,json prints the first and stores the other" {
	gives 0 run counter/counter_mutex --threads 2 --iterations 20 \
		--format text,json
	prints "clean, as expected"
	holds snag-out/report.json 'iterations == 20'
	gives 0 run counter/counter_mutex --threads 2 --iterations 20 \
		--format json,text
	holds out 'iterations == 20'
	has snag-out/report.text "clean, as expected" ||
		has snag-out/report.txt "clean, as expected"
}

@test "--quiet prints nothing, whatever is found" {
	gives 0 run counter/lost_update --threads 2 --iterations 50 --quiet
	is_empty out
	is_empty err
	faulty 1 race --iterations 50 -q
	is_empty out
	is_empty err
	result 'kinds == ["data race"]'
}

@test "colour only where it is wanted" {
	faulty=(run --host "$faults" --threads 2 --iterations 30 fault/race)
	gives 1 "${faulty[@]}"
	lacks out $'\e'
	gives 1 "${faulty[@]}" --color always
	prints $'\e['
	NO_COLOR=1 gives 1 "${faulty[@]}" --color always
	prints $'\e['
	gives 1 "${faulty[@]}" --color never
	lacks out $'\e'
}

# on_terminal ARG...: `snag ARG...` on a terminal of its own, all it wrote
# into the file terminal.
on_terminal() {
	command -v script >/dev/null || skip "script is not installed"
	script -qefc "${tool[*]} $*" terminal </dev/null >/dev/null 2>&1 3>&-
}

@test "a terminal gets colour, unless NO_COLOR" {
	local line="run counter/lost_update --threads 2 --iterations 100"

	on_terminal "$line"
	has terminal $'\e[' "broken, as expected"
	export NO_COLOR=1
	on_terminal "$line --quiet && ${tool[*]} report"
	lacks terminal $'\e[3' $'\e[1m'
	has terminal "broken, as expected"
}

@test "a terminal gets a progress line, a file none" {
	on_terminal "run counter/counter_mutex --threads 2 --time 1s"
	[ "$(tr -d '\n' <terminal | tr '\r' '\n' | wc -l)" -gt 3 ]
	gives 0 run counter/counter_mutex --threads 2 --iterations 50
	is_empty err
	lacks out $'\r'
}

@test "what the user sets for ThreadSanitizer does not get in the way" {
	TSAN_OPTIONS="halt_on_error=1:exitcode=66:symbolize=1:log_path=tsan" \
		gives 0 run counter/lost_update --threads 2 --iterations 50
	result 'iterations == 50' 'kinds == ["data race"]'
	! ls tsan* 2>/dev/null || fail "a log was written"
}

@test "options may stand before and after filters" {
	gives 0 run --threads 2 counter/lost_update --iterations 30 \
		counter/counter_mutex -q
	result 'len(it["subjects"]) == 2' 'iterations == 60'
	gives 0 run -q --threads=2 --iterations=30 -- counter/lost_update
	result 'iterations == 30'
}
