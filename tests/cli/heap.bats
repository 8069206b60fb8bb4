# What is done wrong to the heap is seen by explore, and what is right is not.
load helper

@test "sound uses of the heap are silent" {
	gives 0 run --host "$SNAG_BUILD_DIR/hosts/oracle_sound" \
		--engine explore --threads 2 --iterations 100 --no-confirm
}

@test "each misuse of the heap is seen" {
	# Of the others ThreadSanitizer's own report may come first.
	gives 0 run --host "$SNAG_BUILD_DIR/hosts/oracle" --engine explore \
		--threads 2 --iterations 200 --no-confirm oracle/plain_use \
		oracle/ordered_use oracle/copied_use oracle/double_free \
		oracle/free_of_stack oracle/write_past_end oracle/read_past_end
}
