#include "reports/spot.h"

#include <string.h>

#include "model/place.h"
#include "reports/phrase.h"

enum { MOST_PATH = 4096, MOST_NAME = 1024, MOST_SIDES = 64 };

/* The last folder in out[0..len) ends before this: 0 for none. */
static size_t parent(const char *out, size_t len)
{
	while (len && out[len - 1] != '/')
		len--;
	return len ? len - 1 : 0;
}

static bool ends_in_folder(const char *out, size_t len)
{
	size_t from = len;

	while (from && out[from - 1] != '/')
		from--;
	return len > from && strncmp(out + from, "..", len - from) != 0;
}

/* "./a//b/../c.c" is "a/c.c". */
static const char *tidy_path(struct arena *arena, const char *path)
{
	char *out = arena_alloc(arena, strlen(path) + 2);
	size_t len = 0;
	bool is_absolute = *path == '/';

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !strncmp(path, "..", 2) &&
		    ends_in_folder(out, len)) {
			len = parent(out, len);
		} else if (n && !(n == 1 && *path == '.')) {
			if (len || is_absolute)
				out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
		path += *path == '/';
	}
	out[len] = '\0';
	return len ? out : NULL;
}

struct spot spot_of_frame(struct arena *arena, const struct frame *frame)
{
	struct spot spot = {0};

	if (!frame)
		return spot;
	if (frame->function)
		spot.function = phrase_line(arena, frame->function, MOST_NAME);
	if (!frame->file || !*frame->file || *frame->file == '<')
		return spot;
	spot.file =
		tidy_path(arena, phrase_line(arena, frame->file, MOST_PATH));
	spot.line = frame->line;
	spot.column = frame->line ? frame->column : 0;
	return spot;
}

static size_t side_count(const struct finding *finding)
{
	size_t n = finding->report ? finding->report->access_count : 0;

	return n < MOST_SIDES ? n : MOST_SIDES;
}

bool spot_first_side(const struct finding *finding, size_t *side)
{
	for (size_t i = 0; i < side_count(finding); i++)
		if (place_is_own(place_of_side(finding, i))) {
			*side = i;
			return true;
		}
	*side = 0;
	return side_count(finding) > 0;
}

static bool is_inside(const struct spot *spot)
{
	return spot->file && *spot->file != '/' &&
	       strncmp(spot->file, "../", 3) != 0;
}

/* The first side's, or the first that has a file, or one inside. */
static struct spot find(struct arena *arena, const struct finding *finding,
			bool needs_inside)
{
	struct spot best = {0};
	size_t first;

	if (!spot_first_side(finding, &first))
		return best;
	best = spot_of_frame(arena, place_of_side(finding, first));
	for (size_t i = 0; i < side_count(finding); i++) {
		struct spot spot;

		if (best.file && (!needs_inside || is_inside(&best)))
			break;
		spot = spot_of_frame(arena, place_of_side(finding, i));
		if (spot.file && (!best.file || is_inside(&spot)))
			best = spot;
	}
	return best;
}

static struct spot of_subject(struct arena *arena,
			      const struct subject *subject)
{
	struct spot spot = {0};

	if (subject && subject->file && *subject->file) {
		spot.file = tidy_path(
			arena, phrase_line(arena, subject->file, MOST_PATH));
		spot.line = subject->line;
	}
	return spot;
}

static struct spot of_entry(struct arena *arena, const struct entry *entry,
			    bool needs_inside)
{
	struct spot spot = {0};

	if (entry->finding)
		spot = find(arena, entry->finding, needs_inside);
	if (spot.file && (!needs_inside || is_inside(&spot)))
		return spot;
	if (entry->subject && entry->subject->file) {
		struct spot other = of_subject(arena, entry->subject);

		return other.file ? other : spot;
	}
	return spot;
}

struct spot spot_of_entry(struct arena *arena, const struct entry *entry)
{
	return of_entry(arena, entry, false);
}

struct spot spot_inside(struct arena *arena, const struct entry *entry)
{
	return of_entry(arena, entry, true);
}

const char *spot_source(const struct finding *finding, size_t side)
{
	const struct excerpt *excerpt =
		finding->excerpts ? &finding->excerpts[side] : NULL;

	if (!excerpt || excerpt->line < excerpt->first_line ||
	    excerpt->line - excerpt->first_line >= excerpt->count)
		return NULL;
	return excerpt->lines[excerpt->line - excerpt->first_line];
}
