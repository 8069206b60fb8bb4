# What a run under explore says of itself.
load helper

# same A B: two results are equal, but for times and how they were asked for.
same() {
	python3 - "$1" "$2" <<'PY' || fail "$1 and $2 differ"
import json, sys

def bare(x):
    if isinstance(x, dict):
        return {k: bare(v) for k, v in x.items()
                if k not in ("duration_ms", "started", "command", "pid")}
    return [bare(v) for v in x] if isinstance(x, list) else x

a, b = (bare(json.load(open(path))) for path in sys.argv[1:])
sys.exit(a != b)
PY
}

@test "--iterations gives the same result for any --jobs" {
	local jobs

	for jobs in 1 2 3; do
		gives 0 run counter/lost_update mutex/relock \
			message/missing_sentinel --engine explore \
			--iterations 300 --threads 2,3 --no-confirm \
			--jobs "$jobs" --out "jobs$jobs"
	done
	same jobs1/result.json jobs2/result.json
	same jobs1/result.json jobs3/result.json
	diff -r jobs1/schedules jobs2/schedules
	# A process id is nobody's to choose.
	sed -i 's/(pid=[0-9]*)//' jobs?/reports/*
	diff -r jobs1/reports jobs3/reports
}

@test "another seed gives other schedules" {
	gives 0 run counter/lost_update --engine explore --iterations 20 \
		--threads 2 --no-confirm --seed 1 --out one
	gives 0 run counter/lost_update --engine explore --iterations 20 \
		--threads 2 --no-confirm --seed 2 --out two
	! diff -r one/schedules two/schedules >/dev/null
}

@test "a run says what explore did" {
	gives 0 run lockfree/deque_no_fence --engine explore --verbose \
		--iterations 200 --threads 2 --no-confirm
	prints "different schedule" "reads-from pair" "preemptions" \
		"by strategy: " "at most in one of 3 threads"
	result 'x["seed"] == 1' '1 < x["distinct"] <= 200' 'x["pairs"] > 1' \
		'x["steps"] > x["switches"] > x["preemptions"] > 0' \
		'x["most_threads"] == 3' 'not x["exhausted"]' \
		'sum(s["schedules"] for s in x["strategies"]) == 200' \
		'x["growth"][-1]["iterations"] == 200' \
		'x["growth"][-1]["pairs"] == x["pairs"]'
}

@test "findings and outcomes keep the schedule of their first sight" {
	gives 0 run counter/lost_update --engine explore --iterations 100 \
		--threads 2 --no-confirm
	result 'findings[0]["schedule"].startswith("T")' \
		'findings[0]["kept"]["iteration"] ==
			runs[0]["findings"][0]["first"]' \
		'findings[0]["kept"]["threads"] == 2' \
		'[o["kept"]["iteration"] == o["first"]
			for o in runs[0]["outcomes"]].count(False) == 0'
	python3 - <<'PY'
import json
result = json.load(open("snag-out/result.json"))
kept = result["findings"][0]["kept"]
file = json.load(open("snag-out/" + kept["file"]))
assert file["format"] == "snag-schedule" and file["version"] == 1
assert file["scenario"] == "counter/lost_update"
assert file["fingerprint"] == result["findings"][0]["fingerprint"]
text = " ".join("T%d" % t["thread"] + ("*%d" % t["steps"]
                if t["steps"] != 1 else "") for t in file["turns"])
assert text == result["findings"][0]["schedule"], text
PY
}

@test "schedules of an earlier result do not stay" {
	gives 0 run counter/lost_update --engine explore --iterations 50 \
		--threads 2 --no-confirm
	[ -n "$(ls snag-out/schedules)" ]
	touch snag-out/schedules/mine.json
	gives 0 run counter/counter_mutex --engine stress --iterations 400 \
		--threads 2
	[ "$(ls snag-out/schedules)" = mine.json ]
}

@test "a deadlock has a side for each thread, what it waits for, and who holds it" {
	gives 0 run lock/abba --engine explore --iterations 200 --threads 2 \
		--no-confirm
	gives 0 explain "$(finding '@deadlock')"
	prints "waits for lock" "held by T1 'tenant'" "held by T2 'landlord'" \
		"cause deadlock" "schedule T"
	result 'dead["kind"] == "deadlock"' 'len(dead["accesses"]) == 2' \
		'all(a["frames"][0]["function"] == "pthread_mutex_lock"
			for a in dead["accesses"])'
	grep -q "which waits for lock" snag-out/reports/*.txt
}

@test "a crash, a livelock and a wrong outcome keep the schedule that led there" {
	gives 1 run --host "$faults" --engine explore --iterations 20 \
		--threads 2 --no-confirm --jobs 2 \
		fault/crash fault/spin fault/outcome
	result 'kinds == ["crash", "livelock", "wrong outcome"]' \
		'all(f["schedule"].startswith("T") for f in findings)' \
		'all(f["kept"]["file"] for f in findings)' \
		'findings[0]["kept"]["iteration"] == 9' \
		'it["subjects"][0]["runs"][0]["iterations"] == 20'
}

@test "what overwrites the memory of explore is told, and ends nothing else" {
	gives 1 run --host "$faults" --engine explore --iterations 20 \
		--threads 2 --no-confirm fault/scribble fault/none
	prints "it overwrote the memory in which the harness counts"
	result 'it["subjects"][0]["id"] == "fault/none"' \
		's["verdict"] == "as-expected"' 'iterations >= 20'
}

@test "memory used wrongly is a finding with the use, the free and the block" {
	gives 0 run --host "$hosts/oracle" --engine explore --threads 2 \
		--iterations 100 --no-confirm oracle/double_free
	prints "double free of free_if_there" "earlier free by" \
		"a heap block of 32 bytes" "in make_node"
	result 'findings[0]["outcome"] == "@double-free"' \
		'[a["free"] for a in findings[0]["accesses"]] == [True, True]'
}

@test "the same deadlock is the same finding under both engines" {
	gives 0 run mutex/relock --engine both --iterations 300 --threads 2 \
		--no-confirm
	result '[r["engine"] for r in runs] == ["stress", "explore"]' \
		'len(findings) == 1' \
		'findings[0]["causes"][0]["cause"] == "mutex-misuse"' \
		'all(r["findings"][0]["hits"] > 0 for r in runs)' \
		'"explore" not in runs[0]' '"explore" in runs[1]'
}

@test "dfs says when it is exhausted, and then nothing is a rate" {
	gives 0 run counter/counter_mutex --engine explore --strategy dfs:2 \
		--threads 2 --time 60s --no-confirm
	prints "clean, as expected: exhausted," "that its strategy can choose" \
		"exhausted: all"
	result 'x["exhausted"]' 'not s["notes"]'
}

@test "the bound of PCT stands beside the rate" {
	gives 0 run counter/lost_update --engine explore --strategy pct:2 \
		--iterations 100 --threads 2 --no-confirm
	gives 0 explain "$(finding '')"
	prints "PCT shows what needs 2 steps in one order in at least"
}

@test "a silence that saturates nothing is said to" {
	gives 0 run lockfree/deque_seq_cst --engine explore --iterations 20 \
		--threads 2 --no-confirm
	prints "explore had not seen all yet: of"
}

@test "a strategy that is none, and an argument that is none" {
	gives 2 run counter --engine explore --strategy pcd
	complains "--strategy 'pcd' is none of" "did you mean pct?"
	gives 3 run counter/lost_update --engine explore --strategy pct:x \
		--iterations 10 --threads 2
	prints "knows no strategy 'pct:x'"
}

@test "snag.yaml names engine, strategy and points" {
	cat >snag.yaml <<-END
		version: 1
		run:
		  engine: explore
		  strategy: "pos"
		  points: sync
		  max-steps: 5000
		  threads: [2]
		  iterations: 30
	END
	gives 0 run counter/counter_mutex --no-confirm
	result 'runs[0]["engine"] == "explore"' 'runs[0]["strategy"] == "pos"'
	sed -i 's/"pos"/"poss"/' snag.yaml
	gives 2 run counter/counter_mutex
	complains "snag.yaml:4: strategy 'poss' is none of"
	sed -i 's/"poss"/pos/; s/sync/sink/' snag.yaml
	gives 2 run counter/counter_mutex
	complains "snag.yaml:5: points 'sink' is none of"
}

@test "all formats tell of a run under explore" {
	local format

	gives 0 run lock/abba counter/counter_mutex --engine explore \
		--iterations 100 --threads 2 --no-confirm \
		--format text,json,junit,sarif,markdown,codequality,github
	for format in report.txt junit.xml summary.md; do
		[ -s "snag-out/$format" ] || [ "$format" = report.txt ]
	done
	has snag-out/junit.xml "explored: about"
}

# finding OUTCOME: the fingerprint of the first finding of that outcome.
finding() {
	python3 - "$1" <<'PY'
import json, sys
for f in json.load(open("snag-out/result.json"))["findings"]:
    if f.get("outcome", "") == sys.argv[1]:
        print(f["fingerprint"])
        break
PY
}
