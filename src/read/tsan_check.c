#include "base/text.h"
#include "read/tsan_part.h"

enum { SIDES_CHECKED = 4 };

static void miss(struct tsan_stream *stream, const char *what)
{
	struct report *report = stream->report;

	report->is_incomplete = true;
	report->missing = report->missing
				  ? arena_printf(&stream->arena, "%s; %s",
						 report->missing, what)
				  : what;
}

/* An object of eight bytes, as the shadow sees it, is the same for both. */
static bool touch(const struct access *a, const struct access *b)
{
	uint64_t a_end = a->address + a->size_bytes, b_end;

	b_end = b->address + b->size_bytes;
	if (!a->address || !b->address || a_end < a->address ||
	    b_end < b->address)
		return true;
	return (a->address & ~7ULL) < b_end + 7 &&
	       (b->address & ~7ULL) < a_end + 7;
}

static void check_race(struct tsan_stream *stream)
{
	const struct report *report = stream->report;
	const struct access *side = report->accesses;
	bool is_mixed = false;

	if (!report->access_count) {
		miss(stream, "both accesses");
		return;
	}
	if (report->access_count < 2)
		miss(stream, side->is_previous ? "the newer access"
					       : "the previous access");
	for (size_t i = 0; i < report->access_count; i++)
		is_mixed |= side[i].is_previous != (i > 0) ||
			    !touch(&side[0], &side[i]);
	if (is_mixed && report->access_count > 1)
		miss(stream, "order (lines of another report among its own)");
}

static void check_cycle(struct tsan_stream *stream)
{
	const struct report *report = stream->report;

	if (!stream->cycle_len)
		miss(stream, "the cycle");
	else if (report->access_count < stream->cycle_len)
		miss(stream, "an edge of the cycle");
	else if (report->access_count > stream->cycle_len)
		miss(stream, "order (edges of another report among its own)");
}

/* Everything that an access names must be described. */
static void check_names(struct tsan_stream *stream)
{
	const struct report *report = stream->report;

	for (size_t i = 0; i < report->access_count && i < SIDES_CHECKED; i++) {
		const struct access *side = &report->accesses[i];

		if (side->thread && side->thread[0] == 'T' &&
		    side->thread[1] != '-' &&
		    !report_thread(report, side->thread))
			miss(stream, arena_printf(&stream->arena, "thread %s",
						  side->thread));
		for (size_t j = 0; j < side->mutex_count && j < 64; j++)
			if (!report_mutex(report, side->mutexes[j].id))
				miss(stream,
				     arena_printf(&stream->arena, "mutex %s",
						  side->mutexes[j].id));
	}
}

static void check_parts(struct tsan_stream *stream)
{
	const struct report *report = stream->report;

	if (kind_is_race(report->kind)) {
		check_race(stream);
		check_names(stream);
	} else if (report->kind == KIND_LOCK_INVERSION) {
		check_cycle(stream);
		check_names(stream);
	} else if (report->kind == KIND_THREAD_LEAK) {
		if (!report->thread_count)
			miss(stream, "the thread");
	} else if (report->kind == KIND_DEADLY_SIGNAL && !stream->has_error) {
		miss(stream, "which signal");
	} else if (report->kind != KIND_TSAN_FATAL && !report->access_count) {
		miss(stream, "where it happened");
	}
}

void tsan_check(struct tsan_stream *stream, const char *why)
{
	tsan_part_end(stream, why != NULL);
	if (stream->has_only_summary) {
		miss(stream, "all but its SUMMARY line");
		return;
	}
	/* A fatal message stands for itself; a stack is a gift. */
	if (why && stream->report->kind != KIND_TSAN_FATAL)
		miss(stream, why);
	check_parts(stream);
	if (stream->empty_stacks)
		miss(stream, "the frames of a stack");
	if (stream->has_lost_frames)
		miss(stream, "some frames of a stack");
	if (stream->has_stray_frames)
		miss(stream, "what a stack belongs to");
	if (stream->is_broken)
		miss(stream, "the rest of a line");
	if (stream->has_other_summary)
		miss(stream, "its own SUMMARY line (another's came)");
	if (stream->text_is_cut)
		miss(stream, "text beyond 256 KiB");
}
