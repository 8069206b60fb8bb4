#include "model/json_put.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void json_prepare(void)
{
	json_set_alloc_funcs(must_alloc, free);
}

static json_t *text_of(struct arena *arena, const char *text)
{
	/* What no parser has touched, such as a path, may hold any bytes. */
	return json_string(text_clean(arena, text, strlen(text), true));
}

void put_text(struct arena *arena, json_t *object, const char *name,
	      const char *text)
{
	if (text)
		json_object_set_new(object, name, text_of(arena, text));
}

void put_texts(struct arena *arena, json_t *object, const char *name,
	       const char *const *texts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, text_of(arena, texts[i]));
	json_object_set_new(object, name, array);
}

void put_count(json_t *object, const char *name, uint64_t count)
{
	if (count > JSON_COUNT_MAX)
		count = JSON_COUNT_MAX;
	json_object_set_new(object, name, json_integer((json_int_t)count));
}

void put_count_if(json_t *object, const char *name, uint64_t count)
{
	if (count)
		put_count(object, name, count);
}

void put_hex(json_t *object, const char *name, uint64_t bits)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, bits);
	json_object_set_new(object, name, json_string(text));
}

void put_share(json_t *object, const char *name, double share)
{
	if (!(share > 0))
		share = 0;
	if (share > 1)
		share = 1;
	json_object_set_new(object, name, json_real(share));
}

void put_flag(json_t *object, const char *name, bool flag)
{
	json_object_set_new(object, name, json_boolean(flag));
}

void put_flag_if(json_t *object, const char *name, bool flag)
{
	if (flag)
		put_flag(object, name, flag);
}
