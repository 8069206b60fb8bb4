#include "model/report.h"

#include <signal.h>
#include <string.h>

const struct access *report_side(const struct report *report, size_t side)
{
	return side < report->access_count ? &report->accesses[side] : NULL;
}

const struct thread_info *report_thread(const struct report *report,
					const char *id)
{
	for (size_t i = 0; id && i < report->thread_count; i++)
		if (report->threads[i].id && !strcmp(report->threads[i].id, id))
			return &report->threads[i];
	return NULL;
}

const struct mutex_info *report_mutex(const struct report *report,
				      const char *id)
{
	for (size_t i = 0; id && i < report->mutex_count; i++)
		if (report->mutexes[i].id && !strcmp(report->mutexes[i].id, id))
			return &report->mutexes[i];
	return NULL;
}

/* ThreadSanitizer prints a signal by name: an abort is one too. */
const char *report_deadly_outcome(const struct report *report)
{
	bool is_abort =
		report->signal == SIGABRT ||
		(report->kind_text && strstr(report->kind_text, "ABRT"));

	return kind_table[is_abort ? KIND_ABORT : KIND_CRASH].outcome;
}

const char *op_name(enum op op)
{
	static const char *const names[] = {"unknown", "read", "write",
					    "lock",    "call", "wait"};

	return names[op <= OP_WAIT ? op : OP_UNKNOWN];
}
