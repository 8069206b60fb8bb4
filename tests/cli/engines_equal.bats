# One mistake is one finding, whichever engine shows it: the same fingerprint,
# and a stack of the same calls.
load helper

# findings ENGINE NAME...: their fingerprints, and the functions of their stacks.
findings() {
	local engine=$1

	shift
	timeout -k 5 90 "${tool[@]}" run --engine "$engine" --threads 2 \
		--host "$SNAG_BUILD_DIR/snag-catalogue" --iterations 200 \
		--out "out-$engine" "$@" >/dev/null 2>&1 || true
	python3 - "out-$engine/result.json" <<'END'
import json, sys
for f in sorted(json.load(open(sys.argv[1]))["findings"],
                key=lambda f: f["fingerprint"]):
    # What is no report has a stack only where its engine can make one.
    if f["kind"] in ("deadlock", "hang", "outcome"):
        continue
    print(f["fingerprint"], f["kind"])
    for stack in sorted([x["function"] for x in a["frames"]]
                        for a in f["accesses"]):
        print("  ", *stack)
END
}

@test "both engines print equal stacks for misuse of mutexes" {
	# Those whose every report comes in nearly every iteration.
	local misuse=(mutex/destroy_locked mutex/unlock_by_other
		mutex/uninitialised)

	findings stress "${misuse[@]}" >stress
	findings explore "${misuse[@]}" >explore
	grep -q pthread_mutex_lock stress
	diff stress explore
}

@test "both engines print equal stacks for races" {
	findings stress counter/lost_update counter/tally_shared fd/close_in_use \
		lock/wrong_lock >stress
	findings explore counter/lost_update counter/tally_shared \
		fd/close_in_use lock/wrong_lock >explore
	grep -q close stress
	diff stress explore
}

@test "both engines print equal stacks for a thread that nobody joins" {
	findings stress lifetime/thread_leak >stress
	findings explore lifetime/thread_leak >explore
	grep -q "thread leak" stress
	diff stress explore
	findings explore lifetime/detached_properly >explore
	[ ! -s explore ]
}
