#include "base/bounded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bounded_add(struct bounded *text, const char *data, size_t len)
{
	size_t n = 0;

	if (!len)
		return;
	if (text->total < BOUNDED_HEAD_BYTES) {
		size_t room = BOUNDED_HEAD_BYTES - (size_t)text->total;

		if (!text->head)
			text->head = must_alloc(BOUNDED_HEAD_BYTES);
		n = len < room ? len : room;
		memcpy(text->head + text->total, data, n);
		text->total += n;
	}
	if (n == len)
		return;
	if (!text->tail)
		text->tail = must_alloc(BOUNDED_TAIL_BYTES);
	while (n < len) {
		size_t at = (size_t)(text->total - BOUNDED_HEAD_BYTES) %
			    BOUNDED_TAIL_BYTES;
		size_t part = BOUNDED_TAIL_BYTES - at;

		if (part > len - n)
			part = len - n;
		memcpy(text->tail + at, data + n, part);
		text->total += part;
		n += part;
	}
}

void bounded_release(struct bounded *text)
{
	free(text->head);
	free(text->tail);
	*text = (struct bounded){0};
}

char *bounded_text(const struct bounded *text, struct arena *arena, size_t *len)
{
	uint64_t past = text->total > BOUNDED_HEAD_BYTES
				? text->total - BOUNDED_HEAD_BYTES
				: 0;
	size_t head = (size_t)(text->total - past), begin = 0, tail;
	char gap[80] = "", *out;
	int gap_len = 0;

	tail = past < BOUNDED_TAIL_BYTES ? (size_t)past : BOUNDED_TAIL_BYTES;
	if (past > tail) {
		begin = (size_t)past % BOUNDED_TAIL_BYTES;
		gap_len =
			snprintf(gap, sizeof(gap), "\n[%llu bytes left out]\n",
				 (unsigned long long)(past - tail));
	}
	out = arena_alloc(arena, head + (size_t)gap_len + tail + 1);
	if (head)
		memcpy(out, text->head, head);
	memcpy(out + head, gap, (size_t)gap_len);
	head += (size_t)gap_len;
	if (tail) {
		memcpy(out + head, text->tail + begin, tail - begin);
		memcpy(out + head + tail - begin, text->tail, begin);
	}
	*len = head + tail;
	return out;
}
