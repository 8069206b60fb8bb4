# What explore answers itself of pthread and libc does what it promises, in every
# schedule tried: tests/hosts/world*.c.
load helper

# explores HOST COUNT NAME...: its scenarios, that many times each.
explores() {
	local host=$1 count=$2

	shift 2
	gives 0 run --host "$hosts/$host" --engine explore --threads 2 \
		--color never --iterations "$count" "${@/#/world/}"
}

@test "threads end by pthread_exit and by cancellation, through their handlers" {
	explores world 300 exit_runs_handlers exit_of_role cancelled cancel_later
}

@test "keys, thread variables, errno and handles are of each virtual thread" {
	explores world 300 keys thread_variables own_errno selves once
}

@test "time passes without waiting, and time-outs come" {
	explores world_calls 300 virtual_time timeouts
}

@test "pipes, children, signals and futexes wait without holding up others" {
	explores world_calls 100 pipes child signals raw_futex
}

@test "mutexes of each type say what they find" {
	explores world_calls 300 mutex_types
}

@test "thousands of threads, in a row and at once, are no trouble" {
	explores world 1 many_in_a_row many_at_once
}

@test "waits end for nothing with --spurious, and only then" {
	explores world_calls 300 timeouts wait_once
	gives 0 run --host "$hosts/world" --engine explore --spurious \
		--threads 2 --color never --iterations 300 world/cancelled
	gives 1 run --host "$hosts/world_calls" --engine explore --spurious \
		--threads 2 --color never --iterations 300 world/wait_once
	grep -q 'nobody had signalled' out
}

@test "C++ is explored: threads, thread_local, call_once, statics, exceptions" {
	"$SNAG_BUILD_DIR/snag-c++" --snag-scenarios -std=c++20 -o host \
		"$SNAG_SOURCE_DIR/tests/hosts/world_cxx.cc"
	gives 0 run --host ./host --engine explore --threads 2 --color never \
		--iterations 300
	gives 0 run --host ./host --engine stress --threads 2 --color never \
		--iterations 300
}
