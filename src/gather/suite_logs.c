/*
 * What ctest left of its last run, in Testing/Temporary.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uthash.h>

#include "base/text.h"
#include "gather/suite.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

struct name {
	struct suite_test *test;
	UT_hash_handle hh;
};

static FILE *open_log(const char *build_dir, const char *name,
		      struct statx *times)
{
	struct arena arena = {0};
	const char *path = arena_printf(&arena, "%s/Testing/Temporary/%s",
					build_dir, name);
	bool is_file = !statx(AT_FDCWD, path, 0,
			      STATX_BASIC_STATS | STATX_BTIME, times) &&
		       S_ISREG(times->stx_mode);
	FILE *file = is_file ? fopen(path, "re") : NULL;

	arena_release(&arena);
	return file;
}

static struct suite_test *find(struct name *names, const char *text, size_t len)
{
	struct arena arena = {0};
	const char *wanted = text_clean(&arena, text, len, false);
	struct name *n;

	HASH_FIND_STR(names, wanted, n);
	arena_release(&arena);
	return n ? n->test : NULL;
}

/* "12/300 Testing: NAME"; what tests print is there too. */
static const char *tested_name(const char *line)
{
	size_t n = strspn(line, "0123456789");

	if (!n || line[n] != '/')
		return NULL;
	line += n + 1;
	n = strspn(line, "0123456789");
	return n && !strncmp(line + n, " Testing: ", 10) ? line + n + 10 : NULL;
}

/* Two lines below the name stands the command, "" where there is none. */
static void read_tested(FILE *file, struct name *names)
{
	struct suite_test *test = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (names && (n = getline(&line, &room, file)) > 0) {
		const char *name = tested_name(line);

		if (name && n < LINE_MAX_BYTES) {
			test = find(names, name, strcspn(name, "\n"));
			if (test)
				test->had_turn = true;
		} else if (test && !strncmp(line, "Command: ", 9)) {
			if (strcmp(line + 9, "\"\"\n") != 0)
				test->was_started = true;
			test = NULL;
		}
	}
	free(line);
}

static uint64_t count_lines(FILE *file)
{
	uint64_t count = 0;
	int c;

	while ((c = getc(file)) != EOF)
		count += c == '\n';
	return count;
}

/* A run without failures leaves the list of an older one in its place. */
static bool is_older(const struct statx *list, const struct statx *log)
{
	const struct statx_timestamp *a = &list->stx_mtime,
				     *b = &log->stx_btime;

	if (!(log->stx_mask & STATX_BTIME))
		return false;
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec
				      : a->tv_nsec < b->tv_nsec;
}

static struct name *index_names(struct arena *arena, struct suite *suite)
{
	struct name *names = NULL, *n;

	for (size_t i = 0; i < suite->count; i++) {
		struct suite_test *test = &suite->tests[i];

		HASH_FIND_STR(names, test->name, n);
		if (n)
			continue;
		n = arena_alloc(arena, sizeof(*n));
		n->test = test;
		HASH_ADD_KEYPTR(hh, names, test->name, strlen(test->name), n);
	}
	return names;
}

void suite_take_logs(struct suite *suite, const char *build_dir)
{
	struct arena scratch = {0};
	struct name *names;
	struct statx log, list;
	FILE *file = open_log(build_dir, "LastTest.log", &log);

	if (!file)
		return;
	suite->has_run = true;
	names = index_names(&scratch, suite);
	read_tested(file, names);
	fclose(file);
	HASH_CLEAR(hh, names);
	arena_release(&scratch);
	file = open_log(build_dir, "LastTestsFailed.log", &list);
	if (!file)
		return;
	if (!is_older(&list, &log))
		suite->failed = count_lines(file);
	fclose(file);
}
