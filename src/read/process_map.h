/*
 * process_map.h - which file an address of a living process belongs to.
 *
 * A snapshot of /proc/PID/maps.  Offsets are those that symbols.h takes: from
 * where the file was loaded, or, of a program with fixed addresses, the address
 * itself.  Data that a file asks for beyond its own bytes (.bss) is its own.
 */
#ifndef SNAG_READ_PROCESS_MAP_H
#define SNAG_READ_PROCESS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

enum { PROCESS_MAP_MAX = 4096 }; /* mappings that are looked at */

struct process_mapping {
	uint64_t low, high, bias;
	const char *path;
};

struct process_map {
	struct process_mapping *mappings; /* of files, ascending */
	size_t count;
};

/* Empty when the process is gone; all is the arena's. */
struct process_map process_map_read(pid_t pid, struct arena *arena);
/* False: of no file. */
bool process_map_find(const struct process_map *map, uint64_t address,
		      const char **module, uint64_t *offset);

#endif
