/*
 * buf.h - a growing string with a maximum given at birth.
 *
 * Text past the maximum is dropped and is_cut set; nothing overflows.  data is
 * never NULL and always ends in NUL (not counted in len).
 */
#ifndef SNAG_BASE_BUF_H
#define SNAG_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len, room, max_bytes;
	bool is_cut;
};

void buf_init(struct buf *buf, size_t max_bytes);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf);
void buf_add(struct buf *buf, const char *data, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
