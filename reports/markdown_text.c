#include "reports/markdown_text.h"

#include <string.h>

#include "reports/phrase.h"

#define ZERO_WIDTH_SPACE "&#8203;"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Underscores within a word are no emphasis, and names are full of them. */
static bool is_within_word(const char *text, const char *c)
{
	const char *after = c + strspn(c, "_");

	while (c > text && c[-1] == '_')
		c--;
	return c > text && is_alnum(c[-1]) && is_alnum(*after);
}

/* "http://" and "www." are links by themselves. */
static bool begins_link(const char *text, const char *c)
{
	return (*c == ':' && c[1] == '/') ||
	       (*c == '.' && c > text && (c[-1] == 'w' || c[-1] == 'W'));
}

static bool is_special(const char *text, const char *c)
{
	if (*c == '_')
		return !is_within_word(text, c);
	return strchr("\\`*{}[]<>&|~$#!@^", *c) || begins_link(text, c);
}

/* ":lock:", of which "a::lock::b" has one. */
static bool begins_emoji(const char *c)
{
	size_t n = strspn(c + (*c == ':'), "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789_+-");

	return *c == ':' && n && c[1 + n] == ':';
}

/* "@name", "#1", "!1", "~label" */
static bool begins_reference(const char *text, const char *c)
{
	if (begins_link(text, c) || begins_emoji(c))
		return true;
	return strchr("@#!~$%&^", *c) &&
	       (is_alnum(c[1]) || c[1] == '_' || c[1] == '"' || c[1] == '+');
}

static void put(struct buf *buf, const char *line, bool is_prose)
{
	for (const char *c = line; *c; c++) {
		if (is_special(line, c))
			buf_printf(buf, "&#%u;", (unsigned)*c);
		else
			buf_add(buf, c, 1);
		if (is_prose && begins_reference(line, c))
			buf_puts(buf, ZERO_WIDTH_SPACE);
	}
}

void markdown_prose(struct buf *buf, const char *text, size_t most)
{
	struct arena arena = {0};
	char *line = arena_dup(&arena, phrase_line(&arena, text, most));
	char *from, *to;

	/* Our own sentences put names into backticks. */
	while ((from = strchr(line, '`')) && (to = strchr(from + 1, '`'))) {
		*from = *to = '\0';
		put(buf, line, true);
		markdown_code(buf, from + 1, most);
		line = to + 1;
	}
	put(buf, line, true);
	arena_release(&arena);
}

void markdown_code(struct buf *buf, const char *text, size_t most)
{
	struct arena arena = {0};

	buf_puts(buf, "<code>");
	put(buf, phrase_line(&arena, text, most), false);
	buf_puts(buf, "</code>");
	arena_release(&arena);
}

static size_t longest_run(const char *text)
{
	size_t longest = 0;

	for (; *text; text++) {
		size_t n = strspn(text, "`");

		longest = n > longest ? n : longest;
		text += n ? n - 1 : 0;
	}
	return longest;
}

static void put_fence(struct buf *buf, size_t n)
{
	while (n--)
		buf_puts(buf, "`");
}

void markdown_block(struct buf *buf, const char *language,
		    const char *const *lines, size_t count, size_t most)
{
	struct arena arena = {0};
	size_t fence = 3;

	for (size_t i = 0; i < count; i++) {
		size_t n = longest_run(phrase_line(&arena, lines[i], most));

		fence = n >= fence ? n + 1 : fence;
	}
	put_fence(buf, fence);
	buf_printf(buf, "%s\n", language);
	for (size_t i = 0; i < count; i++)
		buf_printf(buf, "%s\n", phrase_line(&arena, lines[i], most));
	put_fence(buf, fence);
	buf_puts(buf, "\n");
	arena_release(&arena);
}
