#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/json_get.h"
#include "model/json_put.h"

/* A hostile file may cost some time and about a gigabyte, and no more: an
 * empty object of two bytes takes some two hundred in memory. */
enum {
	FILE_MAX_BYTES = 256 * 1024 * 1024,
	DEPTH_MAX = 32,
	CONTAINERS_MAX = 2 * 1024 * 1024,
	VALUES_MAX = 16 * 1024 * 1024,
};

static char *read_all(FILE *file, const char *path, size_t *len,
		      struct err *err)
{
	size_t room = 64 * 1024;
	char *text = must_alloc(room);

	*len = 0;
	while (!feof(file) && !ferror(file)) {
		*len += fread(text + *len, 1, room - *len, file);
		if (*len > FILE_MAX_BYTES) {
			err_set(err, EXIT_USAGE,
				"'%s' is larger than %d MiB, the most that is "
				"read",
				path, FILE_MAX_BYTES / 1024 / 1024);
			free(text);
			return NULL;
		}
		if (*len == room)
			text = must_realloc(text, room *= 2);
	}
	if (!ferror(file))
		return text;
	err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
	free(text);
	return NULL;
}

/* Counts what the parser would have to allocate, before it does. */
static const char *shape_problem(const char *text, size_t len)
{
	size_t depth = 0, containers = 0, values = 0;
	bool is_text = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (is_text) {
			i += c == '\\';
			is_text = c != '"';
			continue;
		}
		is_text = c == '"';
		values += c == ',';
		if (c == '{' || c == '[') {
			containers++;
			depth++;
		} else if ((c == '}' || c == ']') && depth) {
			depth--;
		}
		if (depth > DEPTH_MAX)
			return "is nested too deep";
		if (containers > CONTAINERS_MAX || values > VALUES_MAX)
			return "holds too many values";
	}
	return NULL;
}

json_t *json_parse_checked(const char *text, size_t len, const char *path,
			   struct err *err)
{
	const char *problem = shape_problem(text, len);
	json_error_t at;
	json_t *root;

	json_prepare();
	if (problem) {
		err_set(err, EXIT_USAGE, "'%s' %s", path, problem);
		return NULL;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
	if (!root) {
		struct arena arena = {0};

		/* The parser quotes the file, whatever stands in it. */
		err_set(err, EXIT_USAGE,
			"'%s' is not JSON: line %d, column %d: %s", path,
			at.line, at.column,
			text_clean(&arena, at.text, strlen(at.text), false));
		arena_release(&arena);
	} else if (!json_is_object(root)) {
		err_set(err, EXIT_USAGE, "'%s' is not a JSON object", path);
		json_decref(root);
		root = NULL;
	}
	return root;
}

json_t *json_load_checked(const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	json_t *root = NULL;
	size_t len;
	char *text;

	if (!file) {
		err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
		return NULL;
	}
	text = read_all(file, path, &len, err);
	fclose(file);
	if (text)
		root = json_parse_checked(text, len, path, err);
	free(text);
	return root;
}
