/*
 * golden_logs.h - the logs of GOLDEN_DIR/logs, for the tests that read them.
 *
 * All NAME.COMPILER.txt, sorted by name, each whole in memory; everything
 * belongs to the arena given.
 */
#ifndef SNAG_TESTS_GOLDEN_LOGS_H
#define SNAG_TESTS_GOLDEN_LOGS_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#ifndef GOLDEN_DIR
#define GOLDEN_DIR "tests/golden"
#endif

struct golden_log {
	const char *path;
	const char *name; /* without folder and ".txt" */
	const char *text;
	size_t len;
};

struct golden_logs {
	struct golden_log *logs;
	size_t count;
};

/* NULL when there is no such file. */
static inline char *golden_read(struct arena *arena, const char *path,
				size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *text;
	long size;

	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = arena_alloc(arena, (size_t)size + 1);
	*len = fread(text, 1, (size_t)size, file);
	fclose(file);
	return text;
}

static inline struct golden_logs golden_load(struct arena *arena)
{
	struct golden_logs all = {0};
	glob_t found;

	if (glob(GOLDEN_DIR "/logs/*.txt", 0, NULL, &found) != 0)
		return all;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct golden_log *log =
			arena_push(arena, &all.logs, &all.count, sizeof(*log));
		char *name;

		log->path = arena_dup(arena, found.gl_pathv[i]);
		name = arena_dup(arena, strrchr(log->path, '/') + 1);
		name[strlen(name) - strlen(".txt")] = '\0';
		log->name = name;
		log->text = golden_read(arena, log->path, &log->len);
	}
	globfree(&found);
	return all;
}

#endif
