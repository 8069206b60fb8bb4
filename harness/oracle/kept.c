#include "oracle/kept.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void __interceptor_free(void *p);
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);

/* In the order in which they were freed. */
static struct kept {
	const struct block *block;
	uint32_t stamp;
} *ring;
static uint64_t first, end; /* of the ring, not reduced */
static uint64_t bytes;

bool kept_open(void)
{
	long at = syscall(SYS_mmap, NULL, KEPT_BLOCKS * sizeof(*ring),
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ring = at == -1 ? NULL : (struct kept *)at;
	return ring;
}

/* Its shadow is opened by the allocator's hook.  ThreadSanitizer has been told
 * of the free when the program made it. */
static void release_first(void)
{
	const struct kept *k = &ring[first++ % KEPT_BLOCKS];

	if (k->block->stamp != k->stamp || k->block->state != BLOCK_KEPT)
		return;
	bytes -= k->block->extent;
	__interceptor_free((void *)k->block->begin);
}

void kept_add(const struct block *block)
{
	__tsan_ignore_thread_begin();
	while (end - first >= KEPT_BLOCKS ||
	       (end > first && bytes + block->extent > KEPT_BYTES))
		release_first();
	__tsan_ignore_thread_end();
	ring[end++ % KEPT_BLOCKS] =
		(struct kept){.block = block, .stamp = block->stamp};
	bytes += block->extent;
}

void kept_release_all(void)
{
	if (first == end)
		return;
	__tsan_ignore_thread_begin();
	while (first < end)
		release_first();
	__tsan_ignore_thread_end();
	bytes = 0;
}
