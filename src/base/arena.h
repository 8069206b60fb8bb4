/*
 * arena.h - memory that lives and dies together.
 *
 * Everything of one result is allocated from one arena and released at once.
 * Out of memory ends the program with a sentence (exit 3): no other code tests
 * for it.  Memory is zeroed.  Not for use by several threads.
 */
#ifndef SNAG_BASE_ARENA_H
#define SNAG_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t used_bytes; /* in all blocks, for limits */
};

/* A zeroed struct arena is empty and ready. */
void arena_release(struct arena *arena);
/* Zeroed, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* NULL gives NULL. */
char *arena_dup(struct arena *arena, const char *text);
char *arena_dup_n(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Makes room for one more element in an array that grows by doubling and
 * counts its elements in *count: returns the zeroed new element.  *array and
 * *count are updated; old memory stays in the arena.
 */
void *arena_push(struct arena *arena, void *array_ptr, size_t *count,
		 size_t element_bytes);

/* Takes over all memory of another arena, which is then empty. */
void arena_adopt(struct arena *arena, struct arena *other);

/* malloc, realloc and strdup that end the program when memory is out. */
void *must_alloc(size_t bytes) __attribute__((returns_nonnull));
void *must_realloc(void *old, size_t bytes);
char *must_dup(const char *text);

#endif
