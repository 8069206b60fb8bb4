#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void buf_init(struct buf *buf, size_t max_bytes)
{
	*buf = (struct buf){.max_bytes = max_bytes, .room = 64};
	buf->data = must_alloc(buf->room);
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->is_cut = false;
	buf->data[0] = '\0';
}

static void make_room(struct buf *buf, size_t len)
{
	size_t room = buf->room;

	while (room < buf->len + len + 1)
		room *= 2;
	if (room != buf->room) {
		buf->data = must_realloc(buf->data, room);
		buf->room = room;
	}
}

void buf_add(struct buf *buf, const char *data, size_t len)
{
	if (len > buf->max_bytes - buf->len) {
		len = buf->max_bytes - buf->len;
		buf->is_cut = true;
	}
	make_room(buf, len);
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args, again;
	int len;
	char *text;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len > 0) {
		text = must_alloc((size_t)len + 1);
		vsnprintf(text, (size_t)len + 1, fmt, again);
		buf_add(buf, text, (size_t)len);
		free(text);
	}
	va_end(again);
}
