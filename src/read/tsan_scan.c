#include "read/tsan_scan.h"

bool scan_number(struct scan *scan, uint64_t *value)
{
	const char *at = scan->at;
	uint64_t n = 0;

	for (; at < scan->end && is_digit(*at); at++) {
		unsigned digit = (unsigned)(*at - '0');

		n = n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
	}
	if (at == scan->at)
		return false;
	scan->at = at;
	*value = n;
	return true;
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool ends_word(char c)
{
	return c == ' ' || c == ')' || c == ',' || c == '|' || c == ':';
}

bool scan_hex(struct scan *scan, uint64_t *value)
{
	struct scan in = *scan;
	uint64_t n = 0;
	bool is_masked = false;

	if (!scan_text(&in, "0x"))
		return false;
	for (; in.at < in.end && !ends_word(*in.at); in.at++) {
		int digit = hex_digit(*in.at);

		is_masked |= digit < 0;
		n = (n << 4) | (unsigned)(digit < 0 ? 0 : digit);
	}
	if (in.at == scan->at + 2)
		return false;
	*value = is_masked ? 0 : n;
	*scan = in;
	return true;
}

bool scan_until_last(struct scan *scan, const char *text, struct slice *before)
{
	size_t len = strlen(text);
	struct scan in = *scan;
	const char *last = NULL, *found;

	while ((found = scan_find(&in, text))) {
		last = found;
		in.at = found + 1;
	}
	if (!last)
		return false;
	*before = (struct slice){scan->at, (size_t)(last - scan->at)};
	scan->at = last + len;
	return true;
}

struct slice slice_trim(struct slice text)
{
	while (text.len && (*text.at == ' ' || *text.at == '\t')) {
		text.at++;
		text.len--;
	}
	while (text.len &&
	       (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

bool slice_is(struct slice text, const char *other)
{
	return text.len == strlen(other) && !memcmp(text.at, other, text.len);
}

bool slice_ends(struct slice text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && !memcmp(text.at + text.len - len, end, len);
}
