#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

enum { NAME_MAX_BYTES = 64, COMMAND_BYTES = 64 * 1024 };

static bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

static uint32_t decode(const unsigned char *t, size_t n)
{
	static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = t[0] & mask[n];

	for (size_t i = 1; i < n; i++)
		code = (code << 6) | (t[i] & 0x3fU);
	return code;
}

size_t text_utf8_len(const unsigned char *text, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n;
	uint32_t code;

	if (!len)
		return 0;
	n = text[0] < 0x80   ? 1
	    : text[0] < 0xc2 ? 0
	    : text[0] < 0xe0 ? 2
	    : text[0] < 0xf0 ? 3
	    : text[0] < 0xf5 ? 4
			     : 0;
	if (!n || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (!is_continuation(text[i]))
			return 0;
	code = decode(text, n);
	if (code < least[n] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

/* Controls, and the marks that make text read in another order. */
static bool is_unsafe(uint32_t code, bool keep_lines)
{
	if (code == '\n' || code == '\t')
		return !keep_lines;
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	       (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
	       code == 0x200f || code == 0x2028 || code == 0x2029 ||
	       code == 0x061c || code == 0x200b || code == 0xfeff;
}

char *text_clean(struct arena *arena, const char *text, size_t len,
		 bool keep_lines)
{
	const unsigned char *in = (const unsigned char *)text;
	size_t bad = 0, at = 0;
	char *out, *o;

	for (size_t i = 0; i < len;) {
		size_t n = text_utf8_len(in + i, len - i);

		bad += !n || is_unsafe(decode(in + i, n), keep_lines);
		i += n ? n : 1;
	}
	o = out = arena_alloc(arena, len + bad * 2 + 1);
	while (at < len) {
		size_t n = text_utf8_len(in + at, len - at);

		if (!n || is_unsafe(decode(in + at, n), keep_lines)) {
			memcpy(o, "\xef\xbf\xbd", 3);
			o += 3;
		} else {
			memcpy(o, in + at, n);
			o += n;
		}
		at += n ? n : 1;
	}
	return out;
}

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned text_distance(const char *a, const char *b)
{
	size_t la = strnlen(a, NAME_MAX_BYTES), lb = strnlen(b, NAME_MAX_BYTES);
	unsigned row[NAME_MAX_BYTES + 1];

	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned above = row[j];

			row[j] = least_of(above + 1, row[j - 1] + 1,
					  diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *text_nearest(const char *name, const char *const *names,
			 size_t count)
{
	const char *best = NULL;
	unsigned best_distance = (unsigned)(strnlen(name, 64) / 3) + 1;

	for (size_t i = 0; i < count; i++) {
		unsigned d = text_distance(name, names[i]);

		if (d <= best_distance && (!best || d < best_distance)) {
			best = names[i];
			best_distance = d;
		}
	}
	return best;
}

void text_quote(struct buf *buf, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";

	if (*word && word[strspn(word, plain)] == '\0') {
		buf_puts(buf, word);
		return;
	}
	buf_puts(buf, "'");
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(buf, "'\\''");
		else
			buf_add(buf, word, 1);
	buf_puts(buf, "'");
}

const char *text_command(struct arena *arena, char *const *words)
{
	struct buf buf;
	const char *text;

	buf_init(&buf, COMMAND_BYTES);
	for (size_t i = 0; words[i]; i++) {
		if (i)
			buf_puts(&buf, " ");
		text_quote(&buf, words[i]);
	}
	text = text_clean(arena, buf.data, buf.len, false);
	buf_release(&buf);
	return text;
}
