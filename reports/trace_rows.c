#include "reports/trace_rows.h"

#include <inttypes.h>
#include <string.h>

enum {
	LONGEST_LOOP = 24, /* lines of one round */
	FEWEST_ROUNDS = 4, /* before they are folded */
};

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

const char *trace_only_file(const struct trace_rows *rows)
{
	const char *file = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct trace_event *e = rows->rows[i].event;

		if (!e || !e->file)
			continue;
		if (file && strcmp(file, e->file) != 0)
			return NULL;
		file = e->file;
	}
	return file ? base_name(file) : NULL;
}

const char *trace_place(struct arena *arena, const struct trace_event *e)
{
	if (!e->file)
		return e->function ? e->function : "?";
	return arena_printf(arena, "%s:%u", base_name(e->file), e->line);
}

static const char *access_text(struct arena *arena, const struct trace_event *e)
{
	static const char *const verbs[] = {"read", "write", "update"};
	static const char *const signs[] = {"->", "=", ":="};
	unsigned k = e->kind <= TRACE_UPDATE ? e->kind : TRACE_WRITE;
	const char *atomic = e->is_atomic ? "atomic " : "";
	const char *name = e->object ? e->object : "memory";

	if (!e->value)
		return arena_printf(arena, "%s%s %s", atomic, verbs[k], name);
	return arena_printf(arena, "%s%s %s %s%s%s%s", atomic, name, signs[k],
			    e->value, e->before ? " (was " : "",
			    e->before ? e->before : "", e->before ? ")" : "");
}

static const char *what_text(struct arena *arena, const struct trace_event *e)
{
	if (e->is_blocked && e->kind == TRACE_JOIN)
		return "waits for threads to end";
	if (e->is_blocked)
		return arena_printf(arena, "waits%s%s%s%s",
				    e->object ? " for " : "",
				    e->object ? e->object : "",
				    e->holder ? ", held by " : "",
				    e->holder ? e->holder : "");
	if (!e->verb)
		return access_text(arena, e);
	return arena_printf(arena, "%s%s%s", e->verb, e->object ? " " : "",
			    e->object ? e->object : "");
}

static const char *event_text(struct arena *arena, const struct trace_event *e,
			      bool is_short)
{
	const char *what = what_text(arena, e);

	if (!e->file && !e->function)
		return what;
	if (is_short && e->file)
		return arena_printf(arena, ":%-4u %s", e->line, what);
	return arena_printf(arena, "%s  %s", trace_place(arena, e), what);
}

static const char *mark_of(struct arena *arena, const struct trace_event *e)
{
	if (!e->note && !e->is_deciding)
		return NULL;
	if (!e->note)
		return "<-- decides";
	return arena_printf(arena, "<--[%u]%s", e->note,
			    e->is_deciding ? " decides" : "");
}

/* Nobody else can tell whether it happened. */
static bool is_dull(const struct trace_event *e)
{
	if (e->note || e->is_deciding)
		return false;
	return e->is_private || e->kind == TRACE_BEGIN ||
	       (e->kind == TRACE_JOIN && !e->file) || e->kind == TRACE_END;
}

static size_t column_of(const struct trace *trace, uint16_t thread)
{
	size_t i = 0;

	while (i < trace->thread_count && trace->threads[i].number != thread)
		i++;
	return i;
}

static struct trace_row *add(struct arena *arena, struct trace_rows *out)
{
	return arena_push(arena, &out->rows, &out->count, sizeof(*out->rows));
}

static void add_event(const struct trace *trace, struct arena *arena,
		      const struct trace_event *e, struct trace_rows *out)
{
	bool is_short = out->is_short;
	struct trace_row *row = add(arena, out);

	row->event = e;
	row->number = e->number;
	row->column = column_of(trace, e->thread);
	row->text = event_text(arena, e, is_short);
	row->mark = mark_of(arena, e);
	row->style = e->note || e->is_deciding ? STYLE_BAD
		     : e->is_blocked           ? STYLE_WARNING
					       : STYLE_PLAIN;
}

static void add_note(struct arena *arena, size_t column, const char *text,
		     bool ends_turn, struct trace_rows *out)
{
	struct trace_row *row = add(arena, out);

	row->column = column;
	row->text = text;
	row->style = STYLE_FAINT;
	row->ends_turn = ends_turn;
}

/* Steps that the rows leave out, of one turn. */
struct folded {
	size_t steps, column;
	bool is_seen; /* the turn has rows */
};

/* Of a turn that shows nothing else, they are not told either. */
static void put_folded(struct arena *arena, struct folded *f,
		       struct trace_rows *out)
{
	if (f->steps && f->is_seen)
		add_note(arena, f->column,
			 arena_printf(arena, "(%zu of its own)", f->steps),
			 false, out);
	f->steps = 0;
}

static void put_leave(struct arena *arena, const struct trace *trace,
		      const struct trace_event *e, struct trace_rows *out)
{
	static const char *const words[] = {
		[TRACE_PREEMPTED] = "-- preempted --",
		[TRACE_WAITS] = "-- lets others run --",
		[TRACE_ENDED] = "-- ends --",
	};

	if (e->leave == TRACE_STAYS || e->leave == TRACE_BLOCKED)
		return;
	add_note(arena, column_of(trace, e->thread), words[e->leave], true,
		 out);
}

static void make_rows(const struct trace *trace, struct arena *arena,
		      struct trace_rows *out)
{
	struct folded folded = {0};

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *e = &trace->events[i];

		folded.column = column_of(trace, e->thread);
		if (is_dull(e)) {
			folded.steps += e->is_private;
		} else {
			folded.is_seen = true;
			put_folded(arena, &folded, out);
			add_event(trace, arena, e, out);
			out->rows[out->count - 1].ends_turn = e->is_blocked;
		}
		if (e->leave == TRACE_STAYS)
			continue;
		put_folded(arena, &folded, out);
		if (folded.is_seen)
			put_leave(arena, trace, e, out);
		folded.is_seen = false;
	}
	put_folded(arena, &folded, out);
}

static bool is_same(const struct trace_row *a, const struct trace_row *b)
{
	const struct trace_event *x = a->event, *y = b->event;

	if (a->column != b->column || a->mark || b->mark || a->ends_turn ||
	    b->ends_turn || !x != !y)
		return false;
	if (!x)
		return !strcmp(a->text, b->text);
	return x->kind == y->kind && x->line == y->line &&
	       x->function == y->function && x->is_blocked == y->is_blocked &&
	       !x->object == !y->object &&
	       (!x->object || !strcmp(x->object, y->object));
}

/* How many rounds of that length begin at the row. */
static size_t rounds(const struct trace_rows *in, size_t at, size_t length)
{
	size_t end = at + length;

	while (end < in->count &&
	       is_same(&in->rows[end], &in->rows[end - length]))
		end++;
	return (end - at) / length;
}

static size_t find_loop(const struct trace_rows *in, size_t at, size_t *length)
{
	for (*length = 1; *length <= LONGEST_LOOP; ++*length) {
		size_t n = rounds(in, at, *length);

		if (n >= FEWEST_ROUNDS)
			return n;
	}
	return 0;
}

static void copy_rows(struct arena *arena, const struct trace_rows *in,
		      size_t from, size_t count, struct trace_rows *out)
{
	for (size_t i = 0; i < count; i++)
		*add(arena, out) = in->rows[from + i];
}

/* Of a loop the first round, how many there are, and the last one. */
static void fold_loops(struct arena *arena, const struct trace_rows *in,
		       struct trace_rows *out)
{
	size_t at = 0;

	while (at < in->count) {
		size_t length, n = find_loop(in, at, &length);

		if (!n) {
			copy_rows(arena, in, at++, 1, out);
			continue;
		}
		copy_rows(arena, in, at, length, out);
		add_note(arena, in->rows[at].column,
			 arena_printf(arena, "(x%zu)", n - 2), false, out);
		copy_rows(arena, in, at + (n - 1) * length, length, out);
		at += n * length;
	}
}

/* Turns in which nothing was to be seen are gone: so are the reasons between
 * two that look like one now, and what a turn did before it showed nothing. */
static void join_turns(struct trace_rows *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct trace_row *r = &rows->rows[i];
		bool is_last = i + 1 == rows->count;

		if (!r->event && r->ends_turn && !is_last &&
		    rows->rows[i + 1].column == r->column)
			continue;
		rows->rows[n++] = *r;
	}
	rows->count = n;
}

void trace_rows_make(const struct trace *trace, struct arena *arena,
		     bool is_short, struct trace_rows *out)
{
	struct trace_rows all = {.is_short = is_short};

	*out = all;
	make_rows(trace, arena, &all);
	join_turns(&all);
	fold_loops(arena, &all, out);
}
