#include "judge/own_frame.h"
#include "judge/rule.h"

static const struct frame *first_place(const struct report *report)
{
	return report->access_count
		       ? own_frame_first(&report->accesses[0].stack)
		       : NULL;
}

double rule_mutex_kind(struct scene *scene, struct evidence *evidence)
{
	static const char *const rules[KIND_COUNT] = {
		[KIND_MUTEX_DESTROY_LOCKED] =
			"a mutex is destroyed while a thread holds it",
		[KIND_MUTEX_DOUBLE_LOCK] =
			"a thread gets a mutex that another thread holds",
		[KIND_MUTEX_INVALID] =
			"a mutex is used that is not initialised or destroyed",
		[KIND_MUTEX_BAD_UNLOCK] =
			"a mutex is unlocked that this thread has not locked",
		[KIND_RWLOCK_BAD_LOCK] =
			"a lock held for writing is taken for reading",
		[KIND_RWLOCK_BAD_UNLOCK] =
			"a lock held for writing is unlocked as if read",
		[KIND_MUTEX_WRONG_CONTEXT] =
			"a mutex is held where it must not be",
	};
	enum kind kind = scene->report->kind;
	const struct frame *place = first_place(scene->report);

	if (kind >= KIND_COUNT || !rules[kind])
		return 0;
	say(evidence, "In %s%s %s.", scene_where(scene, place),
	    scene_quote(scene, place), rules[kind]);
	if (scene->report->mutex_count &&
	    scene->report->mutexes[0].created.count)
		say(evidence, "The mutex %s was first used in %s.",
		    scene->report->mutexes[0].id ? scene->report->mutexes[0].id
						 : "in question",
		    scene_where(scene,
				own_frame_first(
					&scene->report->mutexes[0].created)));
	return 0.97;
}

double rule_thread_leak(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;

	if (report->kind != KIND_THREAD_LEAK &&
	    report->kind != KIND_OUTCOME_THREAD_LEAK)
		return 0;
	if (report->thread_count && report->threads[0].created.count)
		say(evidence,
		    "The thread created in %s is neither joined nor detached.",
		    scene_where(scene,
				own_frame_first(&report->threads[0].created)));
	else
		say(evidence, "A thread is neither joined nor detached.");
	return 0.97;
}

double rule_lock_order(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;

	if (report->kind != KIND_LOCK_INVERSION)
		return 0;
	for (size_t i = 0; i < report->access_count; i++) {
		const struct access *edge = &report->accesses[i];
		const struct frame *place = own_frame_first(&edge->stack);

		say(evidence, "%s%s takes %s while it holds %s.",
		    scene_where(scene, place), scene_quote(scene, place),
		    edge->acquired ? edge->acquired : "a lock",
		    edge->holding ? edge->holding : "another");
	}
	if (!report->access_count)
		say(evidence, "Locks are taken in orders that form a circle.");
	return 0.97;
}

double rule_signal_kind(struct scene *scene, struct evidence *evidence)
{
	const struct report *report = scene->report;
	const struct frame *place = first_place(report);

	if (report->kind == KIND_SIGNAL_UNSAFE)
		say(evidence,
		    "A signal handler calls in %s%s what may not be called "
		    "there.",
		    scene_where(scene, place), scene_quote(scene, place));
	else if (report->kind == KIND_SIGNAL_ERRNO)
		say(evidence,
		    "A signal handler changes errno under the code that it "
		    "interrupts: %s.",
		    scene_where(scene, place));
	else
		return 0;
	return 0.97;
}

double rule_environment(struct scene *scene, struct evidence *evidence)
{
	if (scene->report->kind != KIND_TSAN_FATAL)
		return 0;
	say(evidence, "ThreadSanitizer stopped with: %s.",
	    scene->report->summary     ? scene->report->summary
	    : scene->report->kind_text ? scene->report->kind_text
				       : "a failure of its own");
	return 0.97;
}
