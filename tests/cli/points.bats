# --points: where explore may switch threads.
load helper

# explores POINTS OUT SCENARIO...
explores() {
	local points=$1 out=$2

	shift 2
	timeout -k 5 90 "${tool[@]}" run --engine explore --points "$points" \
		--iterations 500 --threads 2 --no-confirm --quiet \
		--out "$out" "$@" >log 2>&1 || true
	[ -f "$out/result.json" ] || fail "no result: $(cat log)"
}

# of RESULT EXPRESSION: of the first subject's only run.
of() {
	python3 - "$1/result.json" "$2" <<'END'
import json, sys
run = json.load(open(sys.argv[1]))["subjects"][0]["runs"][0]
names = {o["name"] for o in run["outcomes"] if o["count"]}
print(eval(sys.argv[2], {"x": run["explore"], "names": names}))
END
}

@test "memory that one thread alone touches is no place to switch at" {
	explores all all partition/partitioned_sum
	explores shared shared partition/partitioned_sum
	local all shared

	all=$(of all 'x["preemptions"]')
	shared=$(of shared 'x["preemptions"]')
	[ "$((shared * 10))" -lt "$all" ] || fail "$shared of $all"
	# What is passed over is a step all the same.
	[ "$(of all 'x["most_steps"]')" = "$(of shared 'x["most_steps"]')" ]
}

@test "what threads share is learnt, the same for any --jobs, and replayed" {
	explores shared one counter/lost_update
	[ "$(of one '"lost" in names')" = True ]
	explores shared two counter/lost_update --jobs 3
	diff -r one/schedules two/schedules
	for schedule in one/schedules/*.json; do
		gives 0 replay "$schedule"
	done
}

@test "a loop that waits for what nobody has shared yet comes to its end" {
	explores shared out flag/stop_atomic
	[ "$(of out '"@livelock" in names')" = False ]
}

@test "between calls and atomics nothing comes in between under sync" {
	explores sync out counter/lost_update
	[ "$(of out '"lost" in names')" = False ]
	explores all out counter/lost_update
	[ "$(of out '"lost" in names')" = True ]
}
