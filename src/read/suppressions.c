#include "read/suppressions.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum { FILE_MAX_BYTES = 16 * 1024 * 1024, LINES_MAX = 100000 };

static const char *const type_names[SUPPRESS_TYPES] = {
	[SUPPRESS_RACE] = "race",
	[SUPPRESS_RACE_TOP] = "race_top",
	[SUPPRESS_MUTEX] = "mutex",
	[SUPPRESS_THREAD] = "thread",
	[SUPPRESS_SIGNAL] = "signal",
	[SUPPRESS_CALLED_FROM_LIB] = "called_from_lib",
	[SUPPRESS_DEADLOCK] = "deadlock",
};

/* One file on its way in. */
struct reader {
	struct suppressions *into;
	const char *path;
	unsigned line;
	const char *comment; /* of the paragraph */
	bool is_after_comment;
	struct err *err;
};

const char *suppression_type_name(enum suppression_type type)
{
	return type_names[type < SUPPRESS_TYPES ? type : 0];
}

static bool refuse(const struct reader *r, const char *text, size_t len)
{
	size_t word = 0;
	char name[32];
	const char *near;

	while (word < len && text[word] != ':')
		word++;
	snprintf(name, sizeof(name), "%.*s", word < 31 ? (int)word : 31, text);
	near = text_nearest(name, type_names, SUPPRESS_TYPES);
	if (!len)
		return err_set(r->err, EXIT_USAGE,
			       "%s:%u: there is a carriage return and nothing "
			       "else, and ThreadSanitizer ends every program "
			       "that is run with such a line",
			       r->path, r->line);
	return err_set(r->err, EXIT_USAGE,
		       "%s:%u: '%.*s' is not TYPE:PATTERN, and ThreadSanitizer "
		       "ends every program that is run with such a line%s%s%s "
		       "(types: race, race_top, mutex, thread, signal, "
		       "called_from_lib, deadlock)",
		       r->path, r->line, len < 60 ? (int)len : 60, text,
		       near ? "; did you mean " : "", near ? near : "",
		       near ? "?" : "");
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void take_comment(struct reader *r, const char *text, size_t len)
{
	struct arena *arena = &r->into->arena;
	const char *words;

	while (len && (*text == '#' || is_blank(*text))) {
		text++;
		len--;
	}
	words = text_clean(arena, text, len, false);
	if (!r->is_after_comment || !r->comment)
		r->comment = *words ? words : NULL;
	else if (*words)
		r->comment = arena_printf(arena, "%s %s", r->comment, words);
	r->is_after_comment = true;
}

static bool take_suppression(struct reader *r, const char *text, size_t len)
{
	struct suppressions *into = r->into;
	struct suppression *s;
	int type = 0;
	size_t n = 0;

	for (; type < SUPPRESS_TYPES; type++) {
		n = strlen(type_names[type]);
		if (n < len && text[n] == ':' &&
		    !memcmp(text, type_names[type], n))
			break;
	}
	if (type == SUPPRESS_TYPES)
		return refuse(r, text, len);
	if (n + 1 == len)
		return err_set(r->err, EXIT_USAGE,
			       "%s:%u: '%.*s' has no pattern, and would hide "
			       "every report",
			       r->path, r->line, (int)len, text);
	if (into->count >= LINES_MAX)
		return err_set(r->err, EXIT_USAGE,
			       "%s:%u: there are more than 100,000 "
			       "suppressions",
			       r->path, r->line);
	s = arena_push(&into->arena, &into->list, &into->count, sizeof(*s));
	*s = (struct suppression){
		.type = (enum suppression_type)type,
		.pattern = arena_dup_n(&into->arena, text + n + 1, len - n - 1),
		.path = r->path,
		.line = r->line,
		.comment = r->comment};
	r->is_after_comment = false;
	return true;
}

static bool take_line(struct reader *r, const char *text, size_t len)
{
	if (memchr(text, '\0', len))
		return err_set(r->err, EXIT_USAGE,
			       "%s:%u: there is a NUL byte, and "
			       "ThreadSanitizer reads no further",
			       r->path, r->line);
	while (len && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	if (!len) {
		r->comment = NULL;
		r->is_after_comment = false;
		return true;
	}
	if (*text == '#') {
		take_comment(r, text, len);
		return true;
	}
	while (len && is_blank(text[len - 1]))
		len--;
	return take_suppression(r, text, len);
}

static bool take_lines(struct reader *r, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end ? (size_t)(end - text) - at : len - at;

		r->line++;
		if (!take_line(r, text + at, n))
			return false;
		at += n + 1;
	}
	return true;
}

static bool read_all(FILE *file, const char *path, struct buf *text,
		     struct err *err)
{
	char part[16 * 1024];

	while (!feof(file) && !ferror(file) && !text->is_cut)
		buf_add(text, part, fread(part, 1, sizeof(part), file));
	if (ferror(file))
		return err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
	if (text->is_cut)
		return err_set(err, EXIT_USAGE,
			       "'%s' is larger than 16 MiB, the most that is "
			       "read",
			       path);
	return true;
}

bool suppressions_read(const char *path, struct suppressions *suppressions,
		       struct err *err)
{
	struct reader r = {.into = suppressions, .err = err};
	FILE *file = fopen(path, "re");
	struct buf text;
	bool is_read;

	if (!file)
		return err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
	r.path = arena_dup(&suppressions->arena, path);
	buf_init(&text, FILE_MAX_BYTES);
	is_read = read_all(file, path, &text, err) &&
		  take_lines(&r, text.data, text.len);
	fclose(file);
	buf_release(&text);
	return is_read;
}

void suppressions_release(struct suppressions *suppressions)
{
	arena_release(&suppressions->arena);
	*suppressions = (struct suppressions){0};
}

void suppressions_write(const struct suppressions *suppressions, FILE *file)
{
	for (size_t i = 0; i < suppressions->count; i++)
		fprintf(file, "%s:%s\n",
			suppression_type_name(suppressions->list[i].type),
			suppressions->list[i].pattern);
}
