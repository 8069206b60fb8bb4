# What dfs says it has exhausted: every schedule, once, whoever runs them.
load helper

kernels=$SNAG_BUILD_DIR/tests/kernels/snag-kernels

# So few schedules that no bound is needed.
small=(config/frozen_config counter/counter_atomic counter/counter_mutex
	counter/whole_64 lifetime/condition_not_sleep lifetime/refcount_atomic
	lifetime/used_under_lock list/extend_locked list/iterate_snapshot
	mutex/initialised_on_reuse publish/acquire_checked_init
	publish/locked_flag publish/release_flag queue/wakeup_atomic_locked
	queue/wakeup_locked)
# With two preemptions at most.
larger=(check_then_act/insert_locked config/read_only_view
	counter/tally_merged flag/atomic_both_sides libc/reentrant_r
	lock/ordered_locks publish/once_init)

# exhausts CODE JOBS STRATEGY ARG...: each scenario is, in distinct schedules
# (of which an estimate is known); their numbers are the last line of the file
# counts.
exhausts() {
	gives "$1" run --engine explore --jobs "$2" \
		--strategy "$3" --iterations 30000 --threads 2 --no-confirm \
		--no-config "${@:4}"
	result 'all(r["explore"].get("exhausted")
		for s in it["subjects"] for r in s["runs"])' \
		'all(r["iterations"] == sum(o["count"] for o in r["outcomes"])
		for s in it["subjects"] for r in s["runs"])' \
		'all(abs(r["explore"]["distinct"] - r["iterations"])
		<= r["iterations"] * 0.06
		for s in it["subjects"] for r in s["runs"])'
	/usr/bin/python3 -c 'import json
it = json.load(open("snag-out/result.json"))
print(*("%s=%d" % (s["id"].split("/")[1], s["runs"][0]["iterations"])
	for s in it["subjects"]))' >>counts
}

# Of both times.
counts_are_equal() {
	[ "$(wc -l <counts)" -eq 2 ] || fail "not twice"
	[ "$(sort -u counts | wc -l)" -eq 1 ] || fail "$(cat counts)"
}

@test "fifteen repairs are exhausted without a bound, the same each time" {
	exhausts 0 1 dfs:1000 "${small[@]}"
	result 'len(it["subjects"]) == 15' \
		'{s["verdict"] for s in it["subjects"]} == {"as-expected"}'
	exhausts 0 2 dfs:1000 "${small[@]}"
	counts_are_equal
}

@test "larger repairs are exhausted up to a bound, the same each time" {
	exhausts 0 1 dfs "${larger[@]}"
	result 'len(it["subjects"]) == 7' \
		'{s["verdict"] for s in it["subjects"]} == {"as-expected"}'
	exhausts 0 2 dfs "${larger[@]}"
	counts_are_equal
}

@test "schedules that end their process are run once, and are not the end" {
	exhausts 0 1 dfs:3 --host "$kernels" kernels/deadlock_2 \
		kernels/lost_wakeup kernels/wakeup_tested
	result 'all(r["explore"]["distinct"] == r["iterations"]
		for s in it["subjects"] for r in s["runs"])' \
		'[o["count"] > 1 for s in it["subjects"]
		for o in s["runs"][0]["outcomes"]
		if o["name"] == "@deadlock"] == [True, True]'
	exhausts 0 2 dfs:3 --host "$kernels" kernels/deadlock_2 \
		kernels/lost_wakeup kernels/wakeup_tested
	counts_are_equal
}

# Batches of one come between those of another.  The bug of one of these needs
# more preemptions.
@test "a scenario is exhausted in as many schedules beside others as alone" {
	exhausts 1 1 dfs:1 --host "$kernels" @exhaustible
	tr ' ' '\n' <counts | grep '^split_increment=' >beside
	rm counts
	exhausts 0 1 dfs:1 --host "$kernels" kernels/split_increment
	cmp beside counts || fail "$(cat beside counts)"
}

@test "an iteration of dfs is the same by its number as in a run" {
	gives 0 run --engine explore --strategy dfs:3 --iterations 100 \
		--no-confirm --host "$kernels" kernels/lost_wakeup
	result '[o["first"] for o in s["runs"][0]["outcomes"]
		if o["name"] == "@deadlock"][0] <= 31'
	for i in 17 25 31; do
		gives 0 replay --host "$kernels" --strategy dfs:3 \
			--iteration "$i" --format json kernels/lost_wakeup
		holds out 'it["seen"]["preemptions"] >= 2'
		/usr/bin/python3 -c 'import json
print(json.load(open("out"))["seen"]["trace_hash"])' >>hashes
	done
	[ "$(sort -u hashes | wc -l)" -eq 3 ] || fail "$(cat hashes)"
	gives 2 replay --host "$kernels" --strategy dfs:3 --iteration 100 \
		kernels/lost_wakeup
	complains_once "every schedule was tried before"
}

# A number that it draws decides on a path, and dfs did not try the others.
@test "what draws numbers is never said to be exhausted" {
	gives 0 run --engine explore --strategy dfs:1 --iterations 200 \
		--no-confirm mutex/unlock_on_every_path
	result 'all(r["iterations"] == 200 and
		not r["explore"].get("exhausted") for r in s["runs"])'
}
