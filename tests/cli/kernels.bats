# The kernels of tests/kernels: each bug is found on schedules that Snag
# chooses, and real threads show nothing that a kernel does not describe.
load helper

kernels=$SNAG_BUILD_DIR/tests/kernels/snag-kernels

@test "explore finds the bug of each kernel, and none in a repaired one" {
	gives 0 run --host "$kernels" --engine explore --time 40s \
		@lock @lockfree @atomics @condition @init @barrier @rwlock
	result 'len(it["subjects"]) > 40' \
		'{s["verdict"] for s in it["subjects"]} == {"as-expected"}'
}

@test "real threads show nothing that a kernel does not describe" {
	gives 0 run --host "$kernels" --engine stress --iterations 4
	result '{s["verdict"] for s in it["subjects"]} == \
{"as-expected", "skipped"}'
}

@test "only what needs explore is skipped where it does not run" {
	gives 3 run --host "$kernels" --engine stress --iterations 4 \
		kernels/reorder_100
	prints "what it requires holds for an engine that did not run"
}
