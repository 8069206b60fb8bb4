/*
 * report_dump.h - a report as compact text, for tests that compare.
 *
 * One line a part, two columns deeper a frame.  With DUMP_LASTING only what
 * does not change with addresses, numbers of processes and places in the
 * source.  Text past the buffer's maximum is dropped (base/buf.h).
 */
#ifndef SNAG_TESTS_REPORT_DUMP_H
#define SNAG_TESTS_REPORT_DUMP_H

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "model/report.h"

enum dump_detail { DUMP_LASTING, DUMP_ALL };

struct dump {
	struct buf *out;
	enum dump_detail detail;
};

static inline const char *dump_text(const char *text)
{
	return text ? text : "-";
}

static inline void dump_address(const struct dump *dump, uint64_t address)
{
	if (dump->detail == DUMP_ALL)
		buf_printf(dump->out, " at 0x%" PRIx64, address);
}

static inline void dump_frame(const struct dump *dump,
			      const struct frame *frame)
{
	buf_printf(dump->out, "    %s", dump_text(frame->function));
	buf_printf(dump->out, " | %s:%u:%u", dump_text(frame->file),
		   frame->line, frame->column);
	buf_printf(dump->out, " | %s", dump_text(frame->module));
	if (frame->has_offset)
		buf_printf(dump->out, "+0x%" PRIx64, frame->offset);
	if (frame->pc && dump->detail == DUMP_ALL)
		buf_printf(dump->out, " pc 0x%" PRIx64, frame->pc);
	buf_puts(dump->out, frame->is_inlined ? " inlined\n" : "\n");
}

static inline void dump_stack(const struct dump *dump,
			      const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		dump_frame(dump, &stack->frames[i]);
	if (stack->is_lost)
		buf_puts(dump->out, "    (lost)\n");
}

static inline void dump_access(const struct dump *dump,
			       const struct access *access)
{
	buf_printf(dump->out, "  %s%s%s%s",
		   access->is_previous ? "previous " : "",
		   access->is_atomic ? "atomic " : "", op_name(access->op),
		   access->is_free ? " (free)" : "");
	if (access->object)
		buf_printf(dump->out, " object '%s'", access->object);
	if (access->size_bytes)
		buf_printf(dump->out, " of %" PRIu64, access->size_bytes);
	if (access->address)
		dump_address(dump, access->address);
	if (access->thread)
		buf_printf(dump->out, " by %s", access->thread);
	if (access->acquired)
		buf_printf(dump->out, " takes %s holding %s", access->acquired,
			   dump_text(access->holding));
	for (size_t i = 0; i < access->mutex_count; i++)
		buf_printf(dump->out, " %s%s", access->mutexes[i].id,
			   access->mutexes[i].is_read ? "(read)" : "");
	buf_puts(dump->out, "\n");
	dump_stack(dump, &access->stack);
	if (access->held_stack.count || access->held_stack.is_lost) {
		buf_puts(dump->out, "  held since\n");
		dump_stack(dump, &access->held_stack);
	}
}

static inline void dump_location(const struct dump *dump,
				 const struct location *location)
{
	static const char *const types[] = {"none", "global", "heap",  "stack",
					    "tls",  "fd",     "object"};

	buf_printf(dump->out, "  location %s", types[location->type]);
	if (location->name)
		buf_printf(dump->out, " '%s'", location->name);
	if (location->module)
		buf_printf(dump->out, " in %s+0x%" PRIx64, location->module,
			   location->offset);
	if (location->size_bytes)
		buf_printf(dump->out, " of %" PRIu64, location->size_bytes);
	if (location->address)
		dump_address(dump, location->address);
	if (location->type == LOCATION_FD)
		buf_printf(dump->out, " %d%s", location->fd,
			   location->fd_is_closed ? " closed" : "");
	if (location->thread)
		buf_printf(dump->out, " by %s", location->thread);
	buf_puts(dump->out, "\n");
	dump_stack(dump, &location->stack);
}

static inline void dump_mutex(const struct dump *dump,
			      const struct mutex_info *mutex)
{
	buf_printf(dump->out, "  mutex %s", mutex->id);
	if (mutex->address)
		dump_address(dump, mutex->address);
	buf_puts(dump->out, mutex->is_destroyed ? " destroyed\n" : "\n");
	dump_stack(dump, &mutex->created);
}

static inline void dump_thread(const struct dump *dump,
			       const struct thread_info *thread)
{
	buf_printf(dump->out, "  thread %s", thread->id);
	if (thread->name)
		buf_printf(dump->out, " '%s'", thread->name);
	if (dump->detail == DUMP_ALL)
		buf_printf(dump->out, " tid %" PRIu64, thread->os_id);
	buf_printf(dump->out, "%s%s by %s",
		   thread->is_running ? " running" : "",
		   thread->is_finished ? " finished" : "",
		   dump_text(thread->parent));
	if (thread->more_leaks)
		buf_printf(dump->out, " and %u more", thread->more_leaks);
	buf_puts(dump->out, "\n");
	dump_stack(dump, &thread->created);
}

static inline void dump_report(struct buf *out, const struct report *report,
			       enum dump_detail detail)
{
	const struct dump dump = {out, detail};

	buf_printf(out, "report %s | %s\n", kind_name(report->kind),
		   dump_text(report->kind_text));
	if (detail == DUMP_ALL)
		buf_printf(out,
			   "  pid %" PRIu64 " bytes %" PRIu64 "-%" PRIu64
			   " line %" PRIu64 "\n",
			   report->pid, report->begin_byte, report->end_byte,
			   report->first_line);
	if (report->has_signature)
		buf_printf(out, "  signature %016" PRIx64 "\n",
			   report->signature);
	if (report->signal)
		buf_printf(out, "  signal %d\n", report->signal);
	if (report->is_incomplete)
		buf_printf(out, "  incomplete: %s\n",
			   dump_text(report->missing));
	for (size_t i = 0; i < report->access_count; i++)
		dump_access(&dump, &report->accesses[i]);
	if (report->sleep.count || report->sleep.is_lost) {
		buf_puts(out, "  sleep\n");
		dump_stack(&dump, &report->sleep);
	}
	for (size_t i = 0; i < report->location_count; i++)
		dump_location(&dump, &report->locations[i]);
	for (size_t i = 0; i < report->mutex_count; i++)
		dump_mutex(&dump, &report->mutexes[i]);
	for (size_t i = 0; i < report->thread_count; i++)
		dump_thread(&dump, &report->threads[i]);
	if (report->summary)
		buf_printf(out, "  summary %s\n", report->summary);
}

#endif
