#include "model/report.h"

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

const char *op_name(enum op op)
{
	static const char *const names[] = {"unknown", "read", "write",
					    "lock",    "call", "wait"};

	return names[op <= OP_WAIT ? op : OP_UNKNOWN];
}
