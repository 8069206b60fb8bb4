#include "judge/fingerprint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/buf.h"
#include "judge/own_frame.h"

enum {
	HASHED_MAX_BYTES = 4 * 1024 * 1024,
	PATH_MAX_BYTES = 4096,
	FRAMES_MAX = 512,                 /* of one stack */
	ANY_MAX = FINGERPRINT_MAX_PLACES, /* hashed as a set */
};

typedef char hex[FINGERPRINT_HEX + 1];

/* What is to be hashed, as text: every part ends in NUL, so that "ab" "c" is
 * not "a" "bc". */
static void hash_begin(struct buf *hash, const char *level)
{
	buf_init(hash, HASHED_MAX_BYTES);
	buf_printf(hash, "snag fingerprint %d", FINGERPRINT_VERSION);
	buf_add(hash, "", 1);
	buf_add(hash, level, strlen(level) + 1);
}

static void hash_text(struct buf *hash, const char *text)
{
	if (text)
		buf_puts(hash, text);
	buf_add(hash, "", 1);
}

static void hash_end(struct buf *hash, hex out)
{
	static const char digits[] = "0123456789abcdef";
	XXH128_canonical_t bytes;

	XXH128_canonicalFromHash(&bytes, XXH3_128bits(hash->data, hash->len));
	for (size_t i = 0; i < sizeof(bytes.digest); i++) {
		out[2 * i] = digits[bytes.digest[i] >> 4];
		out[2 * i + 1] = digits[bytes.digest[i] & 15];
	}
	out[FINGERPRINT_HEX] = '\0';
	buf_release(hash);
}

/* All races on memory are one kind: see the header. */
static const char *kind_class(enum kind kind)
{
	return kind_is_race(kind) ? "race" : kind_name(kind);
}

static void hash_name(struct buf *hash, const char *name)
{
	size_t len;
	const char *bare = fingerprint_name(name, &len);

	buf_add(hash, bare, len);
	buf_add(hash, "", 1);
}

static const char *module_base(const struct frame *frame)
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;

	return slash ? slash + 1 : frame->module;
}

/* An unsymbolised frame has no better name than its place in the module. */
static void hash_frame(struct buf *hash, const struct frame *frame)
{
	char path[PATH_MAX_BYTES];

	if (frame->function) {
		const char *plain = own_frame_plain_name(frame->function);

		hash_name(hash, plain);
		if (own_frame_role(frame) == FRAME_LIBRARY)
			hash_text(hash, "library");
		else if (frame->file)
			hash_text(hash, fingerprint_path(frame->file, path,
							 sizeof(path)));
		else
			hash_text(hash, "");
	} else {
		hash_text(hash, "");
		hash_text(hash, module_base(frame));
		buf_printf(hash, "%" PRIx64, frame->offset);
		buf_add(hash, "", 1);
	}
}

static void frame_hex(const struct frame *frame, hex out)
{
	struct buf hash;

	hash_begin(&hash, "frame");
	hash_frame(&hash, frame);
	hash_end(&hash, out);
}

/* From the first own frame outwards, without what starts threads and without
 * our harness: two engines print equal stacks for one race. */
static void stack_hex(const struct stack *stack, hex out)
{
	struct buf hash;
	size_t end = stack->count < FRAMES_MAX ? stack->count : FRAMES_MAX;

	hash_begin(&hash, "stack");
	for (size_t i = own_frame_index(stack); i < end; i++) {
		enum frame_role role = own_frame_role(&stack->frames[i]);

		if (role == FRAME_OWN || role == FRAME_UNNAMED ||
		    role == FRAME_LIBRARY || role == FRAME_PLUMBING)
			hash_frame(&hash, &stack->frames[i]);
	}
	hash_end(&hash, out);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A sorted set: equal members count once. */
static void hash_set(struct buf *hash, hex *members, size_t count, bool is_set)
{
	qsort(members, count, sizeof(hex), by_text);
	for (size_t i = 0; i < count; i++)
		if (!is_set || !i || strcmp(members[i], members[i - 1]) != 0)
			hash_text(hash, members[i]);
}

/* A stack that was cut off within the library says nothing yet. */
static bool is_known(const struct stack *stack)
{
	return stack->count && (!stack->is_lost || own_frame_exists(stack));
}

static void race_sides(const struct report *report, struct fingerprint *out)
{
	for (size_t i = 0; i < 2; i++) {
		const struct access *side = report_side(report, i);

		if (side && is_known(&side->stack))
			frame_hex(own_frame_first(&side->stack), out->sides[i]);
		else
			out->is_partial = true;
	}
	qsort(out->sides, 2, sizeof(hex), by_text);
}

/* Edges, calls or waits; a leak is known by where the thread was created. */
static size_t places_of(const struct report *report, hex *places, bool is_whole)
{
	size_t count = 0;

	for (size_t i = 0; i < report->access_count && count < ANY_MAX; i++) {
		const struct stack *stack = &report->accesses[i].stack;

		if (!is_known(stack))
			continue;
		if (is_whole)
			stack_hex(stack, places[count++]);
		else
			frame_hex(own_frame_first(stack), places[count++]);
	}
	if (!count && report->thread_count &&
	    is_known(&report->threads[0].created))
		frame_hex(own_frame_first(&report->threads[0].created),
			  places[count++]);
	return count;
}

/* A set, since how many threads took part, and how often one edge was printed,
 * is chance. */
static void hash_places(struct buf *hash, const struct report *report,
			bool is_whole)
{
	hex places[ANY_MAX];
	size_t count = places_of(report, places, is_whole);

	hash_set(hash, places, count, !kind_is_race(report->kind) || !is_whole);
	if (!count && report->summary)
		hash_text(hash, report->summary);
}

size_t fingerprint_places(const struct report *report,
			  char (*places)[FINGERPRINT_HEX + 1])
{
	size_t count, kept = 0;

	count = places_of(report, places, false);
	qsort(places, count, sizeof(hex), by_text);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(places[i], places[kept - 1]) != 0)
			memmove(places[kept++], places[i], sizeof(hex));
	return kept;
}

/* For races on memory; sides sorted. */
static void race_hex(const char *first, const char *second, hex out)
{
	struct buf hash;

	hash_begin(&hash, "race");
	hash_text(&hash, "race");
	hash_text(&hash, first);
	hash_text(&hash, second);
	hash_end(&hash, out);
}

static void race_level(const struct report *report, struct fingerprint *out)
{
	struct buf hash;

	if (kind_is_race(report->kind)) {
		race_sides(report, out);
		race_hex(out->sides[0], out->sides[1], out->race);
		return;
	}
	hash_begin(&hash, "race");
	hash_text(&hash, kind_class(report->kind));
	if (report->kind == KIND_UNKNOWN)
		hash_text(&hash, report->kind_text);
	hash_places(&hash, report, false);
	hash_end(&hash, out->race);
}

static void exact_level(const struct report *report, struct fingerprint *out)
{
	struct buf hash;

	hash_begin(&hash, "exact");
	hash_text(&hash, kind_name(report->kind));
	hash_places(&hash, report, true);
	hash_end(&hash, out->exact);
}

/* What is raced on; false when the report does not say. */
static bool hash_location(struct buf *hash, const struct report *report)
{
	static const char *const types[] = {"none", "global", "heap",  "stack",
					    "tls",  "fd",     "object"};
	const struct location *at =
		report->location_count ? &report->locations[0] : NULL;
	const struct thread_info *thread;

	if (!at || at->type == LOCATION_NONE || at->type > LOCATION_OBJECT)
		return false;
	hash_text(hash, types[at->type]);
	if (at->type == LOCATION_GLOBAL || at->type == LOCATION_OBJECT) {
		if (!at->name)
			return false;
		hash_name(hash, at->name);
		return true;
	}
	if (at->stack.count) {
		hash_frame(hash, own_frame_first(&at->stack));
		return true;
	}
	thread = report_thread(report, at->thread);
	if (thread && thread->created.count)
		hash_frame(hash, own_frame_first(&thread->created));
	else
		hash_text(hash, "main");
	/* A thread's stack has many variables. */
	hash_places(hash, report, false);
	return true;
}

/* The locks of a cycle, by where they were made. */
static bool hash_locks(struct buf *hash, const struct report *report)
{
	hex made[ANY_MAX];
	size_t count = 0;

	for (size_t i = 0; i < report->mutex_count && count < ANY_MAX; i++)
		if (report->mutexes[i].created.count)
			frame_hex(own_frame_first(&report->mutexes[i].created),
				  made[count++]);
	hash_set(hash, made, count, true);
	return count > 0;
}

static void family_level(const struct report *report, struct fingerprint *out)
{
	struct buf hash;
	bool is_said;

	hash_begin(&hash, "family");
	hash_text(&hash, kind_class(report->kind));
	is_said = kind_is_race(report->kind) ? hash_location(&hash, report)
					     : hash_locks(&hash, report);
	if (!is_said) /* then each race is a family of its own */
		hash_text(&hash, out->race);
	hash_end(&hash, out->family);
}

void fingerprint_of(const struct report *report, struct fingerprint *out)
{
	memset(out, 0, sizeof(*out));
	race_level(report, out);
	exact_level(report, out);
	family_level(report, out);
}

void fingerprint_of_outcome(enum kind kind, const char *outcome,
			    const char *subject, struct fingerprint *out)
{
	struct buf hash;

	memset(out, 0, sizeof(*out));
	hash_begin(&hash, "outcome");
	hash_text(&hash, kind_name(kind));
	hash_text(&hash, outcome);
	hash_text(&hash, subject);
	hash_end(&hash, out->race);
	memcpy(out->exact, out->race, sizeof(out->exact));
	memcpy(out->family, out->race, sizeof(out->family));
}

bool fingerprint_matches(const struct fingerprint *a,
			 const struct fingerprint *b)
{
	const char *side;

	if (!strcmp(a->race, b->race))
		return true;
	if (!a->is_partial && b->is_partial)
		return fingerprint_matches(b, a);
	/* Sorted, so a missing side is the first; both missing say nothing. */
	side = a->sides[1];
	if (!a->is_partial || !*side)
		return false;
	return !strcmp(side, b->sides[0]) || !strcmp(side, b->sides[1]);
}

/* As family_level has it: a global or an object may come without a name. */
static bool is_unsaid_family(enum kind kind, const char *race,
			     const char *family)
{
	static const char *const nameless[] = {NULL, "global", "object"};

	for (size_t i = 0; i < 3; i++) {
		struct buf hash;
		hex unsaid;

		hash_begin(&hash, "family");
		hash_text(&hash, kind_class(kind));
		if (nameless[i])
			hash_text(&hash, nameless[i]);
		hash_text(&hash, race);
		hash_end(&hash, unsaid);
		if (!strcmp(unsaid, family))
			return true;
	}
	return false;
}

bool fingerprint_family_is_unsaid(const struct fingerprint *print,
				  enum kind kind, const char *family)
{
	/* Reports of the same race may have lost either side, or both. */
	const char *const lost[][2] = {
		{"", print->sides[0]}, {"", print->sides[1]}, {"", ""}};
	hex race;

	if (is_unsaid_family(kind, print->race, family))
		return true;
	for (size_t i = 0; kind_is_race(kind) && i < 3; i++) {
		race_hex(lost[i][0], lost[i][1], race);
		if (is_unsaid_family(kind, race, family))
			return true;
	}
	return false;
}
