/*
 * Before processes are forked: what each would otherwise make for itself.
 */
#include <stdlib.h>

#include "explore/engine.h"
#include "explore/world_part.h"
#include "virtual/call.h"

enum { WARM_BYTES = 4096, WARM_THREADS = 8 };

/*
 * What ThreadSanitizer makes at its first use of something, each child would
 * make again, page by page: its table of lock orders alone is 2 MiB.  So the
 * process that they are forked from uses it once.
 */
void explore_warm_up(void)
{
	static char locks[2];
	void *volatile block;

	for (size_t bytes = 16; bytes <= WARM_BYTES; bytes += bytes / 2) {
		block = malloc(bytes);
		free(block);
	}
	world_warm_up(WARM_THREADS);
	for (int i = 0; i < 2; i++) {
		__tsan_mutex_pre_lock(&locks[i], 0);
		__tsan_mutex_post_lock(&locks[i], 0, 0);
	}
	for (int i = 1; i >= 0; i--) {
		__tsan_mutex_pre_unlock(&locks[i], 0);
		__tsan_mutex_post_unlock(&locks[i], 0);
	}
}
