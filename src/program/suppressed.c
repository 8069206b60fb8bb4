#include "program/suppressed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stats.h"
#include "base/text.h"

enum { TAIL_BYTES = 256 * 1024, MOST_NOTES = 20, MOST_NAMED = 10 };

/* As ThreadSanitizer looks for it: from the current folder, then beside the
 * program. */
static const char *find_file(struct program *p, const char *path)
{
	const char *slash = strrchr(p->options->probe->path, '/');
	const char *beside;

	if (*path == '/' || !access(path, R_OK) || !slash)
		return path;
	beside = arena_printf(&p->result->arena, "%.*s/%s",
			      (int)(slash - p->options->probe->path),
			      p->options->probe->path, path);
	return access(beside, R_OK) ? path : beside;
}

static bool read_all(struct program *p, struct err *err)
{
	const struct program_options *o = p->options;
	const char *users = tsan_flags_get(&p->plan.flags, "suppressions");

	for (size_t i = 0; i < o->suppression_count; i++)
		if (!suppressions_read(o->suppressions[i], &p->suppressions,
				       err))
			return false;
	return !users || !*users ||
	       suppressions_read(find_file(p, users), &p->suppressions, err);
}

static bool write_all(struct program *p, const char *path, struct err *err)
{
	FILE *file = fopen(path, "we");
	bool is_written;

	if (file)
		suppressions_write(&p->suppressions, file);
	is_written = file && !ferror(file);
	if (file && fclose(file))
		is_written = false;
	return is_written ||
	       err_errno(err, EXIT_TROUBLE, "cannot write '%s'", path);
}

bool suppressed_prepare(struct program *p, struct err *err)
{
	const char *path = arena_printf(&p->result->arena, "%s/suppressions",
					p->plan.folder);

	if (!read_all(p, err))
		return false;
	if (!p->suppressions.count)
		return true;
	p->suppressed_by =
		arena_alloc(&p->result->arena,
			    p->suppressions.count * sizeof(*p->suppressed_by));
	tsan_flags_set(&p->plan.flags, "suppressions", path);
	tsan_flags_set(&p->plan.flags, "print_suppressions", "1");
	return write_all(p, path, err);
}

static size_t line_of(const struct suppressions *s, const char *text,
		      size_t len)
{
	for (size_t i = 0; i < s->count; i++) {
		const char *type = suppression_type_name(s->list[i].type);
		size_t n = strlen(type);

		if (len > n && !memcmp(text, type, n) && text[n] == ':' &&
		    strlen(s->list[i].pattern) == len - n - 1 &&
		    !memcmp(text + n + 1, s->list[i].pattern, len - n - 1))
			return i;
	}
	return s->count;
}

/* "12 race:name", each on a line, after "Matched N suppressions". */
static void take_counts(struct program *p, const char *at)
{
	char *end;

	for (at += strcspn(at, "\n"); *at; at += strcspn(at, "\n")) {
		unsigned long n = strtoul(++at, &end, 10);
		size_t len, line;

		if (end == at || *end != ' ')
			return;
		at = end + 1;
		len = strcspn(at, "\n");
		line = line_of(&p->suppressions, at, len);
		if (line < p->suppressions.count)
			p->suppressed_by[line] += n;
	}
}

void suppressed_read(struct program *p, int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t begin = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
	char *text;
	ssize_t n;

	if (!p->suppressions.count || size <= 0)
		return;
	text = must_alloc(TAIL_BYTES + 1);
	n = pread(fd, text, TAIL_BYTES, begin);
	if (n > 0) {
		const char *at;

		text[n] = '\0';
		at = strstr(text, "ThreadSanitizer: Matched ");
		if (at)
			take_counts(p, at);
	}
	free(text);
}

static const char *name_of(struct program *p, size_t i)
{
	const struct suppression *s = &p->suppressions.list[i];
	struct arena *arena = &p->result->arena;

	return arena_printf(
		arena, "%s:%u: %s:%s",
		text_clean(arena, s->path, strlen(s->path), false), s->line,
		suppression_type_name(s->type),
		text_clean(arena, s->pattern, strlen(s->pattern), false));
}

/* called_from_lib acts before there is a report, and is not counted. */
static bool is_dead(const struct program *p, size_t i)
{
	return !p->suppressed_by[i] &&
	       p->suppressions.list[i].type != SUPPRESS_CALLED_FROM_LIB;
}

static void note_dead(struct program *p)
{
	const char *names = "";
	size_t dead = 0;

	for (size_t i = 0; i < p->suppressions.count; i++) {
		if (!is_dead(p, i))
			continue;
		if (dead++ < MOST_NAMED)
			names = arena_printf(&p->result->arena, "%s%s%s", names,
					     *names ? ", " : "", name_of(p, i));
	}
	if (dead)
		subject_note(
			p->result, program_subject(p),
			"%s of suppressions hid nothing in these runs: "
			"%s%s",
			stats_plural(&p->result->arena, dead, "line", "lines"),
			names, dead > MOST_NAMED ? ", ..." : "");
}

void suppressed_note(struct program *p)
{
	size_t notes = 0;

	for (size_t i = 0; i < p->suppressions.count; i++)
		if (p->suppressed_by[i] && notes++ < MOST_NOTES)
			subject_note(p->result, program_subject(p), "%s hid %s",
				     name_of(p, i),
				     stats_plural(&p->result->arena,
						  p->suppressed_by[i], "report",
						  "reports"));
	if (p->suppressions.count)
		note_dead(p);
	else if (p->suppressed)
		subject_note(p->result, program_subject(p),
			     "suppressions that are compiled into the program "
			     "hid %s",
			     stats_plural(&p->result->arena, p->suppressed,
					  "report", "reports"));
}

void suppressed_release(struct program *p)
{
	suppressions_release(&p->suppressions);
}
