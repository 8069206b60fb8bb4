#include "model/json_get.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/json_put.h"

/* So much may a result need in memory, whatever its file says. */
#define ARENA_MAX_BYTES ((size_t)1 << 30)

void get_fail(struct json_reader *r, const char *name, const char *what)
{
	struct buf place;

	if (r->is_bad)
		return;
	r->is_bad = true;
	buf_init(&place, 512);
	for (size_t i = 0; i < r->depth; i++) {
		buf_printf(&place, i ? ".%s" : "%s", r->at[i].name);
		if (r->at[i].index != SIZE_MAX)
			buf_printf(&place, "[%zu]", r->at[i].index);
	}
	if (name)
		buf_printf(&place, r->depth ? ".%s" : "%s", name);
	err_set(r->err, EXIT_USAGE, "'%s' is damaged: %s %s", r->path,
		place.len ? place.data : "it", what);
	buf_release(&place);
}

/* NULL: absent, or nothing matters any more. */
static const json_t *member(struct json_reader *r, const json_t *object,
			    const char *name)
{
	const json_t *value;

	if (r->is_bad)
		return NULL;
	value = json_object_get(object, name);
	return json_is_null(value) ? NULL : value;
}

bool get_format(struct json_reader *r, const json_t *root, const char *format,
		int version)
{
	const char *is = json_string_value(json_object_get(root, "format"));
	json_t *number = json_object_get(root, "version");

	if (!is || strcmp(is, format) != 0 || !json_is_integer(number))
		err_set(r->err, EXIT_USAGE, "'%s' is not a file of format %s",
			r->path, format);
	else if (json_integer_value(number) != version)
		err_set(r->err, EXIT_USAGE,
			"'%s' is %s version %lld, and this Snag reads "
			"version %d",
			r->path, format, (long long)json_integer_value(number),
			version);
	else
		return true;
	r->is_bad = true;
	return false;
}

const char *get_text(struct json_reader *r, const json_t *object,
		     const char *name)
{
	const json_t *value = member(r, object, name);

	if (!value)
		return NULL;
	if (!json_is_string(value)) {
		get_fail(r, name, "is not a text");
		return NULL;
	}
	return text_clean(r->arena, json_string_value(value),
			  json_string_length(value), true);
}

const char *need_text(struct json_reader *r, const json_t *object,
		      const char *name)
{
	const char *text = get_text(r, object, name);

	if (!text)
		get_fail(r, name, "is missing");
	return text ? text : "";
}

/* Room for so many elements, or NULL and an error.  As much as arena_push
 * believes that an array of that count has: what was read may grow. */
static void *room_for(struct json_reader *r, const char *name, size_t count,
		      size_t bytes)
{
	size_t room = 4, left = r->arena->used_bytes < ARENA_MAX_BYTES
					? ARENA_MAX_BYTES - r->arena->used_bytes
					: 0;

	while (room < count && room <= left / bytes)
		room *= 2;
	if (room > left / bytes) {
		get_fail(r, name, "is too long");
		return NULL;
	}
	return arena_alloc(r->arena, room * bytes);
}

static const json_t *get_array(struct json_reader *r, const json_t *object,
			       const char *name)
{
	const json_t *array = member(r, object, name);

	if (array && !json_is_array(array)) {
		get_fail(r, name, "is not a list");
		return NULL;
	}
	return json_array_size(array) ? array : NULL;
}

const char **get_texts(struct json_reader *r, const json_t *object,
		       const char *name, size_t *count)
{
	const json_t *array = get_array(r, object, name);
	size_t n = json_array_size(array);
	const char **texts;

	*count = 0;
	texts = array ? room_for(r, name, n, sizeof(*texts)) : NULL;
	for (size_t i = 0; texts && i < n; i++) {
		const json_t *value = json_array_get(array, i);

		if (!json_is_string(value)) {
			get_fail(r, name, "is not a list of texts");
			return NULL;
		}
		texts[i] = text_clean(r->arena, json_string_value(value),
				      json_string_length(value), true);
		*count = i + 1;
	}
	return texts;
}

uint64_t get_count(struct json_reader *r, const json_t *object,
		   const char *name)
{
	const json_t *value = member(r, object, name);
	json_int_t n = json_integer_value(value);

	if (!value)
		return 0;
	if (!json_is_integer(value) || n < 0 || (uint64_t)n > JSON_COUNT_MAX) {
		get_fail(r, name, "is not a count (from 0 to 2^53)");
		return 0;
	}
	return (uint64_t)n;
}

unsigned get_unsigned(struct json_reader *r, const json_t *object,
		      const char *name)
{
	uint64_t n = get_count(r, object, name);

	if (n > UINT32_MAX) {
		get_fail(r, name, "is not a number below 2^32");
		return 0;
	}
	return (unsigned)n;
}

uint64_t get_hex(struct json_reader *r, const json_t *object, const char *name,
		 bool *is_there)
{
	const json_t *value = member(r, object, name);
	const char *text = json_string_value(value);
	size_t len = text ? strlen(text) : 0;

	if (is_there)
		*is_there = value != NULL;
	if (!value)
		return 0;
	if (len < 3 || len > 18 || strncmp(text, "0x", 2) != 0 ||
	    strspn(text + 2, "0123456789abcdef") != len - 2) {
		get_fail(r, name, "is not a number in hexadecimal (\"0x1f\")");
		return 0;
	}
	return strtoull(text + 2, NULL, 16);
}

double get_share(struct json_reader *r, const json_t *object, const char *name)
{
	const json_t *value = member(r, object, name);
	double share = json_number_value(value);

	if (!value)
		return 0;
	if (!json_is_number(value) || !(share >= 0 && share <= 1)) {
		get_fail(r, name, "is not a number from 0 to 1");
		return 0;
	}
	return share;
}

bool get_flag(struct json_reader *r, const json_t *object, const char *name)
{
	const json_t *value = member(r, object, name);

	if (value && !json_is_boolean(value))
		get_fail(r, name, "is neither true nor false");
	return json_is_true(value);
}

int get_word(struct json_reader *r, const json_t *object, const char *name,
	     const char *const *words, size_t count, int absent)
{
	const char *text = get_text(r, object, name);

	for (size_t i = 0; text && i < count; i++)
		if (!strcmp(text, words[i]))
			return (int)i;
	if (text)
		get_fail(r, name, "is none of the words it may be");
	return absent;
}

static void read_at(struct json_reader *r, const json_t *value,
		    const char *name, size_t index, json_read_one *read,
		    void *slot)
{
	if (r->depth == JSON_GET_DEPTH) {
		get_fail(r, name, "is nested too deep");
		return;
	}
	r->at[r->depth].name = name;
	r->at[r->depth].index = index;
	r->depth++;
	if (json_is_object(value))
		read(r, value, slot);
	else
		get_fail(r, NULL, "is not an object");
	r->depth--;
}

bool get_object(struct json_reader *r, const json_t *object, const char *name,
		json_read_one *read, void *slot)
{
	const json_t *value = member(r, object, name);

	if (!value)
		return false;
	read_at(r, value, name, SIZE_MAX, read, slot);
	return true;
}

void *get_objects(struct json_reader *r, const json_t *object, const char *name,
		  size_t *count, size_t element_bytes, json_read_one *read)
{
	const json_t *array = get_array(r, object, name);
	size_t n = json_array_size(array);
	char *elements;

	*count = 0;
	elements = array ? room_for(r, name, n, element_bytes) : NULL;
	if (!elements)
		return NULL;
	for (size_t i = 0; i < n && !r->is_bad; i++)
		read_at(r, json_array_get(array, i), name, i, read,
			elements + i * element_bytes);
	*count = n;
	return elements;
}
