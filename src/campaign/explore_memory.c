#include "campaign/explore_memory.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <snag/wire.h>

bool explore_memory_make(int *fd, struct snag_explore **memory, struct err *err)
{
	const size_t bytes = sizeof(**memory);
	void *map;

	*memory = NULL;
	*fd = memfd_create("snag-explore", MFD_CLOEXEC);
	if (*fd < 0 || ftruncate(*fd, (off_t)bytes)) {
		err_errno(err, EXIT_TROUBLE, "cannot make shared memory");
		explore_memory_free(fd, memory);
		return false;
	}
	map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (map == MAP_FAILED) {
		err_errno(err, EXIT_TROUBLE, "cannot map shared memory");
		explore_memory_free(fd, memory);
		return false;
	}
	*memory = map;
	(*memory)->magic = SNAG_EXPLORE_MAGIC;
	(*memory)->version = SNAG_WIRE_VERSION;
	(*memory)->bytes = bytes;
	return true;
}

void explore_memory_free(int *fd, struct snag_explore **memory)
{
	if (*memory)
		munmap(*memory, sizeof(**memory));
	if (*fd >= 0)
		close(*fd);
	*memory = NULL;
	*fd = -1;
}

void explore_memory_reset(struct snag_explore *memory)
{
	const size_t from = offsetof(struct snag_explore, steps);
	const size_t to = offsetof(struct snag_explore, stuck);

	memory->live_count = memory->live_is_cut = 0;
	memory->kept_count = memory->kept_turn_count = 0;
	memset((char *)memory + from, 0, to - from);
	memory->trace_count = 0;
}
