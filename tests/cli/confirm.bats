# What a race or a lock order does: explore is steered into each that a run
# reported, whichever engine saw it.
load helper

kernels=$SNAG_BUILD_DIR/tests/kernels/snag-kernels

# effect EXPRESSION...: of the run's only race or lock order, f.
effect() {
	local expression all=()

	for expression in "$@"; do
		all+=("(lambda f: $expression)([f for f in it['findings'] \
if f.get('effect')][0])")
	done
	result "len([f for f in it['findings'] if f.get('effect')]) == 1" \
		"${all[@]}"
}

@test "two locks in two orders deadlock, and the schedule is kept" {
	gives 0 run lock/abba --engine explore --iterations 50 --threads 2
	prints "effect deadlocks: in " "-effect.json"
	effect 'f["kind"] == "lock-order-inversion"' \
		'f["effect"] == "deadlocks"' 'f["effect_kept"]["seed"]'
	gives 0 replay snag-out/schedules/*-effect.json
	prints "Outcome: @deadlock" "It shows the same again."
}

@test "three locks in a circle deadlock" {
	gives 0 run --host "$kernels" kernels/deadlock_3 --engine explore \
		--iterations 100 --threads 2
	effect 'f["effect"] == "deadlocks"'
}

@test "two orders behind a gate are told from those that deadlock" {
	gives 0 run --host "$kernels" kernels/inversion_behind_gate \
		--engine explore --iterations 50 --threads 2
	prints "effect exhausted: of all" "none closes the cycle"
	effect 'f["effect"] == "exhausted"' '"effect_kept" not in f'
}

@test "a lost update is a wrong outcome, and its schedule shows it" {
	gives 0 run counter/lost_update --engine explore --iterations 50 \
		--threads 2
	prints "effect wrong outcome: lost in "
	effect 'f["effect"] == "wrong outcome"'
	gives 0 replay snag-out/schedules/*-effect.json
	prints "Outcome: lost" "It shows the same again."
}

@test "what a repair does not allow is wrong in the broken scenario" {
	gives 0 run lifetime/sleep_as_sync --engine explore --iterations 50 \
		--threads 2
	effect 'f["effect"] == "wrong outcome"' \
		'f["effect_why"].startswith("refused in ")'
}

@test "two writes of one value have no effect, and of two values they have" {
	gives 0 run --host "$hosts/effects" effects/same_value \
		--iterations 50 --engine explore
	effect 'f["effect"] in ("no effect", "exhausted")'
	gives 0 run --host "$hosts/effects" effects/other_value \
		--iterations 50 --engine explore
	effect 'f["effect"] == "value differs"'
	gives 0 run --host "$hosts/effects" effects/statistics \
		--iterations 50 --engine explore
	effect 'f["effect"] == "value differs"'
}

@test "a race before which another goes wrong is not blamed" {
	gives 0 run --host "$hosts/effects" effects/beside_a_bug \
		--iterations 100 --engine explore
	result '{f["effect"] for f in it["findings"] if any(
a["frames"][0]["function"] == "note" for a in f["accesses"])}
<= {"no effect", "exhausted"}' \
		'"wrong outcome" in {f.get("effect") for f in it["findings"]}'
}

@test "a pointer that is used before it is set crashes" {
	gives 0 run --host "$hosts/effects" effects/unset_pointer \
		--iterations 50 --engine explore
	prints "effect crashes: @crash in "
	effect 'f["effect"] == "crashes"'
	gives 0 replay snag-out/schedules/*-effect.json
	prints "Outcome: @crash" "It shows the same again."
}

@test "accesses that are ordered where memory is not weak are not reached" {
	gives 0 run publish/relaxed_flag --engine explore --iterations 50 \
		--threads 2
	effect 'f["effect"] == "not reached"'
}

@test "what stress has found is confirmed too" {
	gives 0 run counter/lost_update --iterations 200 --threads 2
	effect 'f["effect"] == "wrong outcome"'
	result '{r["engine"] for s in it["subjects"] for r in s["runs"]} ==
{"stress"}'
	gives 0 replay snag-out/schedules/*-effect.json
	prints "Outcome: lost"
}

@test "with --no-confirm nothing is said of effects" {
	gives 0 run counter/lost_update --iterations 200 --threads 2 \
		--no-confirm
	lacks out "effect "
	result 'not any("effect" in f for f in it["findings"])'
	[ ! -e snag-out/schedules ]
}

@test "what a program under stress showed is confirmed, if it can be" {
	cat >race.c <<-'END'
		#include <pthread.h>
		#include <unistd.h>

		static int total;

		static void *add(void *unused)
		{
			total++;
			return unused;
		}

		int main(void)
		{
			pthread_t a, b;

			pthread_create(&a, NULL, add, NULL);
			pthread_create(&b, NULL, add, NULL);
			pthread_join(a, NULL);
			pthread_join(b, NULL);
			return total != 2;
		}
	END
	"$SNAG_BUILD_DIR/snag-cc" -g -O1 race.c -o race
	gives 1 exec --runs 20 -- ./race
	prints "effect wrong outcome: exit 1 in "
	gives 0 replay snag-out/schedules/*-effect.json
	prints "Outcome: exit 1"
	gives 1 exec --runs 20 --no-confirm -- ./race
	lacks out "effect "
}

@test "every format says what a finding does" {
	gives 0 run counter/lost_update --engine explore --iterations 50 \
		--threads 2
	for format in text sarif junit markdown codequality; do
		gives 0 report snag-out/result.json --format "$format" \
			--verbose
		prints "wrong outcome"
	done
}
