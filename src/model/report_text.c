#include "model/report_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char separator[] = "==================\n";

static void print_thread_name(struct buf *out, const char *id)
{
	if (!id || !strcmp(id, "main"))
		buf_puts(out, "main thread");
	else
		buf_printf(out, "thread %s", id);
}

static void print_frame(struct buf *out, size_t n, const struct frame *f)
{
	buf_printf(out, "    #%zu %s %s", n,
		   f->function ? f->function : "<null>",
		   f->file ? f->file : "<null>");
	if (f->line)
		buf_printf(out, ":%u", f->line);
	if (f->line && f->column)
		buf_printf(out, ":%u", f->column);
	if (f->module && f->has_offset) {
		const char *slash = strrchr(f->module, '/');

		buf_printf(out, " (%s+0x%" PRIx64 ")",
			   slash ? slash + 1 : f->module, f->offset);
	}
	buf_puts(out, "\n");
}

static void print_stack(struct buf *out, const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		print_frame(out, i, &stack->frames[i]);
	if (!stack->count)
		buf_puts(out, "    [failed to restore the stack]\n");
	buf_puts(out, "\n");
}

static void print_mutex_set(struct buf *out, const struct access *a)
{
	for (size_t i = 0; i < a->mutex_count; i++)
		buf_printf(out, "%s%s %s", i ? ", " : " (mutexes: ",
			   a->mutexes[i].is_read ? "read" : "write",
			   a->mutexes[i].id);
	if (a->mutex_count)
		buf_puts(out, ")");
}

static void print_memory_access(struct buf *out, const struct access *a)
{
	char words[64];

	snprintf(words, sizeof(words), "%s%s%s",
		 a->is_previous ? "previous " : "",
		 a->is_atomic ? "atomic " : "", op_name(a->op));
	words[0] = (char)toupper((unsigned char)words[0]);
	buf_printf(out, "  %s of size %" PRIu64 " at 0x%012" PRIx64 " by ",
		   words, a->size_bytes, a->address);
	print_thread_name(out, a->thread);
	print_mutex_set(out, a);
	buf_puts(out, ":\n");
	print_stack(out, &a->stack);
}

static void print_edge(struct buf *out, const struct access *a)
{
	buf_printf(out, "  Mutex %s acquired here while holding mutex %s in ",
		   a->acquired ? a->acquired : "M?",
		   a->holding ? a->holding : "M?");
	print_thread_name(out, a->thread);
	buf_puts(out, ":\n");
	print_stack(out, &a->stack);
	if (!a->held_stack.count)
		return;
	buf_printf(out,
		   "  Mutex %s previously acquired by the same thread here:\n",
		   a->holding ? a->holding : "M?");
	print_stack(out, &a->held_stack);
}

static void print_cycle(struct buf *out, const struct report *r)
{
	buf_puts(out, "  Cycle in lock order graph:");
	for (size_t i = 0; i < r->access_count; i++) {
		const struct access *a = &r->accesses[i];
		const struct mutex_info *m = report_mutex(r, a->holding);

		buf_printf(out, " %s (0x%012" PRIx64 ") =>",
			   a->holding ? a->holding : "M?", m ? m->address : 0);
	}
	buf_printf(out, " %s\n\n",
		   r->access_count && r->accesses[0].holding
			   ? r->accesses[0].holding
			   : "M?");
}

static void print_wait(struct buf *out, const struct access *a, size_t i)
{
	if (a->waits_for) {
		buf_puts(out, "  In ");
		print_thread_name(out, a->thread);
		buf_printf(out, ", which waits for %s:\n", a->waits_for);
	} else if (i) {
		buf_puts(out, "  and:\n");
	}
}

static void print_accesses(struct buf *out, const struct report *r)
{
	if (r->kind == KIND_LOCK_INVERSION)
		print_cycle(out, r);
	for (size_t i = 0; i < r->access_count; i++) {
		const struct access *a = &r->accesses[i];

		if (a->op == OP_READ || a->op == OP_WRITE) {
			print_memory_access(out, a);
		} else if (a->op == OP_LOCK) {
			print_edge(out, a);
		} else {
			print_wait(out, a, i);
			print_stack(out, &a->stack);
		}
	}
	if (r->sleep.count) {
		buf_puts(out, "  As if synchronized via sleep:\n");
		print_stack(out, &r->sleep);
	}
}

static void print_block(struct buf *out, const struct location *l,
			const char *what)
{
	buf_printf(out,
		   "  Location is %s of size %" PRIu64 " at 0x%012" PRIx64
		   " allocated by ",
		   what, l->size_bytes, l->address);
	print_thread_name(out, l->thread);
	buf_puts(out, ":\n");
	print_stack(out, &l->stack);
}

static void print_location(struct buf *out, const struct location *l)
{
	switch (l->type) {
	case LOCATION_GLOBAL:
		buf_printf(out,
			   "  Location is global '%s' of size %" PRIu64
			   " at 0x%012" PRIx64 " (%s)\n\n",
			   l->name ? l->name : "??", l->size_bytes, l->address,
			   l->module ? l->module : "??");
		break;
	case LOCATION_HEAP:
		print_block(out, l, "heap block");
		break;
	case LOCATION_OBJECT:
		print_block(out, l, l->name ? l->name : "object");
		break;
	case LOCATION_STACK:
	case LOCATION_TLS:
		buf_printf(out, "  Location is %s of ",
			   l->type == LOCATION_TLS ? "TLS" : "stack");
		print_thread_name(out, l->thread);
		buf_puts(out, ".\n\n");
		break;
	case LOCATION_FD:
		buf_printf(out, "  Location is file descriptor %d %s by ",
			   l->fd, l->fd_is_closed ? "destroyed" : "created");
		print_thread_name(out, l->thread);
		buf_puts(out, " at:\n");
		print_stack(out, &l->stack);
		break;
	case LOCATION_NONE:
		break;
	}
}

static void print_mutex(struct buf *out, const struct mutex_info *m)
{
	if (m->is_destroyed) {
		buf_printf(out, "  Mutex %s is already destroyed.\n\n", m->id);
		return;
	}
	buf_printf(out, "  Mutex %s (0x%012" PRIx64 ") created at:\n", m->id,
		   m->address);
	print_stack(out, &m->created);
}

static void print_thread(struct buf *out, const struct thread_info *t)
{
	buf_printf(out, "  Thread %s", t->id);
	if (t->name)
		buf_printf(out, " '%s'", t->name);
	buf_printf(out, " (tid=%" PRIu64 ", %s) created by ", t->os_id,
		   t->is_finished ? "finished" : "running");
	print_thread_name(out, t->parent);
	buf_puts(out, t->created.count ? " at:\n" : "\n");
	if (t->created.count)
		print_stack(out, &t->created);
	else
		buf_puts(out, "\n");
	if (t->more_leaks)
		buf_printf(out, "  And %u more similar thread leaks.\n\n",
			   t->more_leaks);
}

void report_print(const struct report *r, struct buf *out)
{
	buf_puts(out, separator);
	buf_printf(out, "WARNING: ThreadSanitizer: %s (pid=%" PRIu64 ")\n",
		   r->kind_text ? r->kind_text : kind_name(r->kind), r->pid);
	print_accesses(out, r);
	for (size_t i = 0; i < r->location_count; i++)
		print_location(out, &r->locations[i]);
	for (size_t i = 0; i < r->mutex_count; i++)
		print_mutex(out, &r->mutexes[i]);
	for (size_t i = 0; i < r->thread_count; i++)
		if (r->threads[i].id)
			print_thread(out, &r->threads[i]);
	buf_printf(out, "SUMMARY: ThreadSanitizer: %s\n",
		   r->kind_text ? r->kind_text : kind_name(r->kind));
	buf_puts(out, separator);
}
