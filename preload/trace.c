/*
 * A line for each deed: the thread's key, the number of the point in the
 * thread, the point, the deed, how much of it.  One write each, so that lines
 * of several threads do not mix.
 */
#include <stddef.h>

#include "noise.h"
#include "raw.h"

enum { LINE = 128 };

struct line {
	char text[LINE];
	size_t len;
};

int trace_fd = -1;

static void add_char(struct line *line, char c)
{
	if (line->len < LINE)
		line->text[line->len++] = c;
}

static void add_word(struct line *line, const char *word)
{
	while (*word)
		add_char(line, *word++);
	add_char(line, ' ');
}

static void add_key(struct line *line, uint64_t key)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		add_char(line, "0123456789abcdef"[key >> shift & 15]);
	add_char(line, ' ');
}

static void add_number(struct line *line, uint64_t n, char end)
{
	char digits[20];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + n % 10);
	while (n /= 10);
	while (count)
		add_char(line, digits[--count]);
	add_char(line, end);
}

void trace_deed(const struct self *self, const char *point, enum deed deed,
		uint64_t amount)
{
	static const char *const names[] = {
		[DEED_NONE] = "none", [DEED_YIELD] = "yield",
		[DEED_SPIN] = "spin", [DEED_SLEEP] = "sleep",
		[DEED_MOVE] = "move",
	};
	struct line line;

	line.len = 0;
	add_key(&line, self->key);
	add_number(&line, self->points, ' ');
	add_word(&line, point);
	add_word(&line, names[deed]);
	add_number(&line, amount, '\n');
	raw_call(SYS_write, trace_fd, (long)line.text, (long)line.len, 0);
}
