#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { BLOCK_BYTES = 16 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t size_bytes, used_bytes;
	_Alignas(max_align_t) unsigned char data[];
};

static void out_of_memory(void)
{
	fputs("snag: out of memory\n", stderr);
	exit(EXIT_TROUBLE);
}

void *must_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *must_realloc(void *old, size_t bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);

	if (!p)
		out_of_memory();
	return p;
}

char *must_dup(const char *text)
{
	size_t len = strlen(text) + 1;

	return memcpy(must_alloc(len), text, len);
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->newest;

	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
	*arena = (struct arena){0};
}

static struct arena_block *add_block(struct arena *arena, size_t bytes)
{
	size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct arena_block *block = must_alloc(sizeof(*block) + size);

	block->size_bytes = size;
	block->older = arena->newest;
	arena->newest = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_block *block = arena->newest;
	const size_t align = _Alignof(max_align_t);
	void *p;

	if (bytes > SIZE_MAX / 2)
		out_of_memory();
	bytes = (bytes + align - 1) / align * align;
	if (!block || block->size_bytes - block->used_bytes < bytes)
		block = add_block(arena, bytes);
	p = block->data + block->used_bytes;
	block->used_bytes += bytes;
	arena->used_bytes += bytes;
	return p;
}

char *arena_dup_n(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *arena_dup(struct arena *arena, const char *text)
{
	return text ? arena_dup_n(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args, again;
	int len;
	char *text;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = arena_alloc(arena, (size_t)(len < 0 ? 0 : len) + 1);
	if (len > 0)
		vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

void *arena_push(struct arena *arena, void *array_ptr, size_t *count,
		 size_t element_bytes)
{
	void *array;
	size_t n = *count;

	memcpy(&array, array_ptr, sizeof(array));
	/* Full at 0, 4, 8, 16, ...: capacity is implied by the count. */
	if (n == 0 || (n >= 4 && (n & (n - 1)) == 0)) {
		size_t room = n < 4 ? 4 : n * 2;
		void *bigger = arena_alloc(arena, room * element_bytes);

		if (n)
			memcpy(bigger, array, n * element_bytes);
		array = bigger;
		memcpy(array_ptr, &array, sizeof(array));
	}
	*count = n + 1;
	return (char *)array + n * element_bytes;
}

void arena_adopt(struct arena *arena, struct arena *other)
{
	struct arena_block *oldest = other->newest;

	if (!oldest)
		return;
	while (oldest->older)
		oldest = oldest->older;
	/* Behind our newest block, so that we go on filling that. */
	if (arena->newest) {
		oldest->older = arena->newest->older;
		arena->newest->older = other->newest;
	} else {
		arena->newest = other->newest;
	}
	arena->used_bytes += other->used_bytes;
	*other = (struct arena){0};
}
