#include "read/tsan_part.h"

void tsan_prefix_set(struct tsan_prefix *prefix, struct slice text)
{
	/* So long a one is output that lacked its line end. */
	if (text.len > sizeof(prefix->text))
		text.len = 0;
	/* Blanks at its end are trimmed by some where nothing follows. */
	while (text.len &&
	       (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	memcpy(prefix->text, text.at, text.len);
	prefix->len = text.len;
}

/*
 * Digits that differ from line to line belong to a time ("12:34:56.789",
 * "2024-01-01T"), a share ("12%") or a progress ("3/100").  All others are
 * numbers of tests and processes, and tell them apart.
 */
static bool may_vary(const char *text, const char *end, const char *digits,
		     const char *digits_end)
{
	char next = digits_end < end ? *digits_end : '\0';
	char after = digits_end + 1 < end ? digits_end[1] : '\0';
	char last = digits > text ? digits[-1] : '\0';
	char before = digits - 1 > text ? digits[-2] : '\0';

	if (next == '%')
		return true;
	if (next && strchr(":-./,T", next) && is_digit(after))
		return true;
	return last && strchr(":-./,T", last) && is_digit(before);
}

static const char *digits_end(const char *at, const char *end)
{
	while (at < end && is_digit(*at))
		at++;
	return at;
}

/* Past the blanks, when digits follow: "[  3%]" and "[100%]" are alike. */
static const char *to_digits(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	return at < end && is_digit(*at) ? at : NULL;
}

const char *tsan_prefix_match(const struct tsan_prefix *prefix,
			      struct slice line)
{
	const char *text = prefix->text, *p = text, *p_end = text + prefix->len;
	const char *at = line.at, *end = line.at + line.len;

	while (p < p_end) {
		const char *p_digits = to_digits(p, p_end);
		const char *at_digits = to_digits(at, end);

		if (p_digits && at_digits) {
			const char *p_next = digits_end(p_digits, p_end);
			const char *at_next = digits_end(at_digits, end);
			bool is_same = p_next - p == at_next - at &&
				       !memcmp(p, at, (size_t)(p_next - p));

			if (!is_same &&
			    !may_vary(text, p_end, p_digits, p_next))
				return NULL;
			p = p_next;
			at = at_next;
		} else if (at < end && *p == *at) {
			p++;
			at++;
		} else {
			return NULL;
		}
	}
	return at;
}

/* Past one escape sequence, of which at is the first byte. */
static const char *skip_escape(const char *at, const char *end)
{
	at++;
	if (at < end && *at == '[') { /* CSI: parameters, then one letter */
		for (at++; at < end && *at >= 0x20 && *at < 0x40; at++)
			;
	} else if (at < end && *at == ']') { /* OSC: up to BEL or ESC \ */
		for (at++; at < end && *at != '\a' && *at != '\033'; at++)
			;
		if (at < end && *at == '\033')
			at++;
	}
	return at < end ? at + 1 : end;
}

struct slice tsan_plain(struct slice line, struct buf *buf)
{
	const char *at = line.at, *end = line.at + line.len, *escape;

	if (!memchr(line.at, '\033', line.len))
		return line;
	buf_clear(buf);
	while ((escape = memchr(at, '\033', (size_t)(end - at)))) {
		buf_add(buf, at, (size_t)(escape - at));
		at = skip_escape(escape, end);
	}
	buf_add(buf, at, (size_t)(end - at));
	return (struct slice){buf->data, buf->len};
}
