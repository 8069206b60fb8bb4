#include <string.h>

#include "judge/libc_names.h"
#include "judge/own_frame.h"
#include "judge/rule.h"

enum wait { WAIT_OTHER, WAIT_LOCK, WAIT_EVENT, WAIT_JOIN };

static enum wait wait_of(const struct access *access)
{
	const char *callee = own_frame_callee(&access->stack);

	if (!callee)
		return WAIT_OTHER;
	if (libc_waits(callee))
		return WAIT_EVENT;
	if (libc_locks(callee))
		return WAIT_LOCK;
	return libc_joins(callee) ? WAIT_JOIN : WAIT_OTHER;
}

static size_t count_waits(const struct report *report, enum wait kind)
{
	size_t count = 0;

	for (size_t i = 0; i < report->access_count; i++)
		count += report->accesses[i].op == OP_WAIT &&
			 wait_of(&report->accesses[i]) == kind;
	return count;
}

static void say_waits(struct scene *scene, struct evidence *evidence)
{
	static const char *const for_what[] = {"stands", "waits for a lock",
					       "waits for an event",
					       "waits for a thread to end"};
	const struct report *report = scene->report;

	for (size_t i = 0; i < report->access_count && i < 5; i++) {
		const struct access *access = &report->accesses[i];
		const struct frame *place = own_frame_first(&access->stack);

		if (access->op != OP_WAIT || !place)
			continue;
		say(evidence, "Thread %s %s in %s%s.",
		    access->thread ? access->thread : "?",
		    for_what[wait_of(access)], scene_where(scene, place),
		    scene_quote(scene, place));
	}
}

/* Do all that wait for an event wait for it at one place? */
static bool is_one_event(const struct report *report)
{
	const struct frame *first = NULL;

	for (size_t i = 0; i < report->access_count; i++) {
		const struct access *access = &report->accesses[i];
		const struct frame *place = own_frame_first(&access->stack);

		if (access->op != OP_WAIT || wait_of(access) != WAIT_EVENT)
			continue;
		if (!place || !place->function)
			return false;
		if (!first)
			first = place;
		if (strcmp(place->function, first->function) != 0 ||
		    place->line != first->line)
			return false;
	}
	return first;
}

/* Nobody who could wake the waiting ones waits himself: no circle. */
static bool is_lost_wakeup(const struct report *report)
{
	return !count_waits(report, WAIT_LOCK) && is_one_event(report);
}

static bool is_self_deadlock(const struct report *report)
{
	return count_waits(report, WAIT_LOCK) == 1 &&
	       !count_waits(report, WAIT_EVENT) &&
	       !count_waits(report, WAIT_JOIN);
}

double rule_deadlock(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;

	if (report->kind != KIND_DEADLOCK)
		return 0;
	say_waits(scene, evidence);
	say(evidence, "No thread can go on, and none of them can wake "
		      "another.");
	return is_lost_wakeup(report) || is_self_deadlock(report) ? 0.6 : 0.9;
}

/* One thread waits for a lock, and no other waits for anything: nobody else
 * can hold it, unless it ended and kept it. */
double rule_self_deadlock(struct scene *scene, struct evidence *evidence)
{
	if (scene->report->kind != KIND_DEADLOCK ||
	    !is_self_deadlock(scene->report))
		return 0;
	say_waits(scene, evidence);
	say(evidence, "No other thread waits, so that it has taken the lock "
		      "itself before, or a thread that has ended kept it.");
	return 0.85;
}

double rule_lost_wakeup(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;

	if (report->kind != KIND_DEADLOCK || !count_waits(report, WAIT_EVENT) ||
	    count_waits(report, WAIT_LOCK))
		return 0;
	say_waits(scene, evidence);
	say(evidence, "Nobody is left to wake who waits for an event: the "
		      "wake-up came too early, or never comes.");
	return is_lost_wakeup(report) ? 0.85 : 0.7;
}

/* In its own code, or asleep between two looks. */
static bool may_spin(const struct access *access)
{
	static const char *const naps[] = {"usleep",          "sleep",
					   "nanosleep",       "sched_yield",
					   "clock_nanosleep", "pthread_yield"};
	const char *callee = own_frame_callee(&access->stack);

	for (size_t i = 0; callee && i < sizeof(naps) / sizeof(naps[0]); i++)
		if (!strcmp(callee, naps[i]))
			return true;
	return !callee;
}

double rule_hang_on_flag(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;
	double confidence = 0;

	if (report->kind != KIND_HANG)
		return 0;
	for (size_t i = 0; i < report->access_count; i++) {
		const struct frame *place =
			own_frame_first(&report->accesses[i].stack);
		struct level level;
		int32_t from, to;

		if (!place || !may_spin(&report->accesses[i]) ||
		    !scene_level(scene, place, false, &level) ||
		    !code_loop(&level.spot, level.spot.at, &from, &to))
			continue;
		say(evidence, "%s%s goes round in a loop.",
		    scene_where(scene, place), scene_quote(scene, place));
		confidence = 0.45;
	}
	return confidence;
}

double rule_crash_of_memory(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;
	const struct witness *witness = scene->witness;

	if (report->kind != KIND_CRASH && report->kind != KIND_DEADLY_SIGNAL)
		return 0;
	/* Once in a log: it may crash always, and without any thread. */
	if (!witness->iterations && !witness->is_any_report)
		return 0;
	if (report->access_count) {
		const struct frame *place =
			own_frame_first(&report->accesses[0].stack);

		say(evidence, "The program crashed in %s%s.",
		    scene_where(scene, place), scene_quote(scene, place));
	} else {
		say(evidence, "The program crashed.");
	}
	if (!witness->iterations) {
		say(evidence, "Data races were reported in the same log: what "
			      "it used may have been freed, or not yet built, "
			      "by another thread.");
		return 0.3;
	}
	say(evidence, "A crash that comes with some schedules only is mostly "
		      "memory that another thread has freed or not yet "
		      "built.");
	return 0.4;
}

double rule_wrong_outcome(struct scene *scene, struct evidence *evidence)
{
	const struct witness *witness = scene->witness;

	if (scene->report->kind != KIND_WRONG_OUTCOME)
		return 0;
	if (witness->outcome)
		say(evidence,
		    "The check found \"%.60s\" in %llu of %llu "
		    "iterations.",
		    witness->outcome, (unsigned long long)witness->hits,
		    (unsigned long long)witness->iterations);
	if (witness->is_any_report)
		return 0.45;
	say(evidence, "ThreadSanitizer saw no data race: either every step is "
		      "synchronised and only their combination is wrong, or "
		      "the race is in code that it cannot see.");
	return 0.6;
}

double rule_wrong_order(struct scene *scene, struct evidence *evidence)
{
	if (scene->report->kind != KIND_WRONG_OUTCOME)
		return 0;
	say(evidence, "Some step may rely on another that nothing makes come "
		      "first.");
	return 0.4;
}
