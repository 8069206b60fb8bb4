#include "program/added.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { FILE_MAX_BYTES = 4 * 1024 * 1024 };

/* A file of /proc that holds texts, each ended by a NUL. */
struct texts {
	char *data;
	size_t len;
};

static void read_texts(const char *name, struct texts *texts)
{
	char path[64];
	FILE *file;

	*texts = (struct texts){0};
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)getppid(), name);
	file = fopen(path, "re");
	if (!file)
		return;
	texts->data = must_alloc(FILE_MAX_BYTES + 1);
	texts->len = fread(texts->data, 1, FILE_MAX_BYTES, file);
	texts->data[texts->len] = '\0';
	fclose(file);
}

static bool has_text(const struct texts *texts, const char *text)
{
	for (size_t at = 0; at < texts->len; at += strlen(texts->data + at) + 1)
		if (!strcmp(texts->data + at, text))
			return true;
	return false;
}

static bool is_plain_ctest(void)
{
	static const char *const scripts[] = {"-S", "-SP", "--script",
					      "--script-new-process"};
	struct texts words;
	const char *slash;
	bool is_it = false;

	read_texts("cmdline", &words);
	if (words.len) {
		slash = strrchr(words.data, '/');
		is_it = !strcmp(slash ? slash + 1 : words.data, "ctest");
	}
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		is_it = is_it && !has_text(&words, scripts[i]);
	free(words.data);
	return is_it;
}

/* Told already, or ctest's own. */
static bool is_left_out(const char *variable)
{
	static const char *const prefixes[] = {"TSAN_OPTIONS=", "LD_PRELOAD=",
					       "PWD=",          "CTEST_",
					       "DASHBOARD_",    "CMAKE_"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(variable, prefixes[i], strlen(prefixes[i])))
			return true;
	return strlen(variable) > ADDED_MAX_BYTES;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void added_variables(struct arena *arena, const char ***list, size_t *count)
{
	size_t begin = *count;
	struct texts parents;

	if (!is_plain_ctest())
		return;
	read_texts("environ", &parents);
	for (char **own = environ;
	     parents.len && *own && *count - begin < ADDED_MAX_VARIABLES;
	     own++) {
		const char **slot;

		if (is_left_out(*own) || has_text(&parents, *own))
			continue;
		slot = arena_push(arena, list, count, sizeof(*slot));
		*slot = text_clean(arena, *own, strlen(*own), false);
	}
	free(parents.data);
	if (*count > begin)
		qsort(*list + begin, *count - begin, sizeof(**list), by_text);
}
