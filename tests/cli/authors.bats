# Mistakes that authors of scenarios make, and are told of.
load helper

@test "a cause that does not exist is refused, with the place and a near name" {
	gives 2 run --host "$hosts/unknown_cause"
	complains_once "unknown_cause.c:" "unknown/cause" "'lost-updates'" \
		"did you mean 'lost-update'?"
}

@test "a role that does nothing to be seen is named" {
	gives 0 run --host "$faults" fault/none --iterations 100
	prints "role 'role' made no access and no" "optimised away"
}

@test "a role that does something is not" {
	gives 1 run --host "$faults" fault/race --iterations 100
	! grep -q "made no access" out || fail "a racing role was called idle"
}
