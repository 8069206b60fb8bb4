#include "read/process_map.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A program with fixed addresses has none to subtract. */
static bool is_fixed(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf64_Ehdr header = {0};
	bool is_read = fd >= 0 && pread(fd, &header, sizeof(header), 0) ==
					  (ssize_t)sizeof(header);

	if (fd >= 0)
		close(fd);
	return is_read && header.e_type == ET_EXEC;
}

static const struct process_mapping *last_of(const struct process_map *map)
{
	return map->count ? &map->mappings[map->count - 1] : NULL;
}

static void add(struct process_map *map, struct arena *arena, uint64_t low,
		uint64_t high, uint64_t file_offset, const char *path)
{
	const struct process_mapping *last = last_of(map);
	struct process_mapping m = {.low = low, .high = high};

	if (*path != '/') {
		/* What has no name and follows a file's data at once. */
		if (*path || !last || last->high != low)
			return;
		m.path = last->path;
		m.bias = last->bias;
	} else if (last && !strcmp(last->path, path)) {
		m.path = last->path;
		m.bias = last->bias;
	} else {
		m.path = arena_dup(arena, path);
		m.bias = is_fixed(path) ? 0 : low - file_offset;
	}
	*(struct process_mapping *)arena_push(arena, &map->mappings,
					      &map->count, sizeof(m)) = m;
}

static void take_line(struct process_map *map, struct arena *arena, char *line)
{
	uint64_t low, high, file_offset;
	int path_at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n",
		   &low, &high, &file_offset, &path_at) < 3 ||
	    low >= high)
		return;
	add(map, arena, low, high, file_offset, line + path_at);
}

struct process_map process_map_read(pid_t pid, struct arena *arena)
{
	struct process_map map = {0};
	char path[64], *line = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return map;
	for (int n = 0; n < PROCESS_MAP_MAX && getline(&line, &room, file) > 0;
	     n++)
		take_line(&map, arena, line);
	free(line);
	fclose(file);
	return map;
}

bool process_map_find(const struct process_map *map, uint64_t address,
		      const char **module, uint64_t *offset)
{
	size_t low = 0, high = map->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct process_mapping *m = &map->mappings[middle];

		if (address < m->low) {
			high = middle;
		} else if (address >= m->high) {
			low = middle + 1;
		} else {
			*module = m->path;
			*offset = address - m->bias;
			return true;
		}
	}
	return false;
}
