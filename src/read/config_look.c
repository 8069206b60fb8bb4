#include "read/config_look.h"

#include <string.h>

#include "base/text.h"
#include "read/config_schema.h"
#include "read/yaml_walk.h"

struct config_place {
	const char *path;
	unsigned line;
};

/* What a sentence calls a value: its key, or an entry of its list. */
static const char *name_of(const struct config_look *look, const char *path)
{
	const char *dot = strrchr(path, '.'), *key = dot ? dot + 1 : path;
	size_t digits = strspn(key, "0123456789");
	const char *list = dot;

	if (!*path)
		return "the file";
	if (!dot || !digits || key[digits])
		return arena_printf(look->arena, "'%s'", key);
	while (list > path && list[-1] != '.')
		list--;
	return arena_printf(look->arena, "an entry of '%.*s'",
			    (int)(dot - list), list);
}

static void note_place(struct config_look *look, const char *path,
		       unsigned line)
{
	struct config_place *place = arena_push(
		look->arena, &look->places, &look->place_count, sizeof(*place));

	place->path = path;
	place->line = line;
}

/* Of at most so many bytes, and usable as a C string? */
static bool look_bytes(struct config_look *look, struct yaml_walk *walk,
		       const char *path, size_t max)
{
	size_t len = walk->event.data.scalar.length;

	if (len > max)
		return yaml_walk_refuse(walk, "%s is longer than %zu bytes",
					name_of(look, path), max);
	if (strlen(yaml_walk_text(walk)) != len)
		return yaml_walk_refuse(walk, "%s holds a zero byte",
					name_of(look, path));
	return true;
}

static bool look_text(struct config_look *look, struct yaml_walk *walk,
		      const cyaml_schema_value_t *schema, const char *path)
{
	if (walk->event.type != YAML_SCALAR_EVENT)
		return yaml_walk_refuse(walk, "%s takes one value, not %s",
					name_of(look, path),
					yaml_walk_shape(walk));
	if (yaml_walk_is_nothing(walk))
		return yaml_walk_refuse(walk, "%s has no value",
					name_of(look, path));
	if (walk->event.data.scalar.length < schema->string.min)
		return yaml_walk_refuse(walk, "%s is empty",
					name_of(look, path));
	return look_bytes(look, walk, path, schema->string.max);
}

static bool look_value(struct config_look *look, struct yaml_walk *walk,
		       const cyaml_schema_value_t *schema, const char *path);

static bool look_list(struct config_look *look, struct yaml_walk *walk,
		      const cyaml_schema_value_t *schema, const char *path)
{
	unsigned count = 0;

	if (yaml_walk_is_nothing(walk))
		return true;
	if (walk->event.type != YAML_SEQUENCE_START_EVENT)
		return yaml_walk_refuse(
			walk, "%s takes a list, such as [a, b], not %s",
			name_of(look, path), yaml_walk_shape(walk));
	while (yaml_walk_next(walk)) {
		if (walk->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		if (count == schema->sequence.max)
			return yaml_walk_refuse(
				walk, "%s holds more than %u entries",
				name_of(look, path), schema->sequence.max);
		if (!look_value(
			    look, walk, schema->sequence.entry,
			    arena_printf(look->arena, "%s.%u", path, count++)))
			return false;
	}
	return false;
}

static bool unknown_key(struct config_look *look, struct yaml_walk *walk,
			const cyaml_schema_field_t *field, const char *path)
{
	const char *names[32], *near, *key = yaml_walk_text(walk);
	char all[400] = "";
	size_t count = 0;

	for (; field->key && count < sizeof(names) / sizeof(*names); field++) {
		strncat(all, count ? ", " : "", sizeof(all) - strlen(all) - 1);
		strncat(all, field->key, sizeof(all) - strlen(all) - 1);
		names[count++] = field->key;
	}
	near = text_nearest(key, names, count);
	if (near)
		return yaml_walk_refuse(
			walk, "unknown key '%.80s'; did you mean '%s'?", key,
			near);
	return yaml_walk_refuse(walk, "unknown key '%.80s'; %s takes %s", key,
				name_of(look, path), all);
}

/* The key's field, when the walk stands at its value; NULL: refused. */
static const cyaml_schema_field_t *look_key(struct config_look *look,
					    struct yaml_walk *walk,
					    const cyaml_schema_field_t *fields,
					    const char *path, bool *is_seen)
{
	size_t i = 0;

	if (walk->event.type != YAML_SCALAR_EVENT) {
		yaml_walk_refuse(walk, "a key is one word, not %s",
				 yaml_walk_shape(walk));
		return NULL;
	}
	while (fields[i].key &&
	       strcmp(fields[i].key, yaml_walk_text(walk)) != 0)
		i++;
	if (!fields[i].key) {
		unknown_key(look, walk, fields, path);
		return NULL;
	}
	if (is_seen[i]) {
		yaml_walk_refuse(walk, "key '%s' is given a second time",
				 fields[i].key);
		return NULL;
	}
	is_seen[i] = true;
	return yaml_walk_next(walk) ? &fields[i] : NULL;
}

/* Said with the line that the mapping begins on. */
static bool nothing_is_missing(struct config_look *look, struct yaml_walk *walk,
			       const cyaml_schema_field_t *field,
			       const char *path, const bool *is_seen)
{
	unsigned line = config_look_line(look, path);

	for (; field->key; field++, is_seen++)
		if (!*is_seen && !(field->value.flags & CYAML_FLAG_OPTIONAL))
			return err_set(walk->err, EXIT_USAGE,
				       "%s:%u: %s lacks the key '%s'",
				       look->name, line, name_of(look, path),
				       field->key);
	return true;
}

static bool look_keys(struct config_look *look, struct yaml_walk *walk,
		      const cyaml_schema_value_t *schema, const char *path)
{
	const cyaml_schema_field_t *fields = schema->mapping.fields, *field;
	bool is_seen[32] = {false};

	if (yaml_walk_is_nothing(walk) && *path &&
	    (schema->flags & CYAML_FLAG_OPTIONAL))
		return true;
	if (walk->event.type != YAML_MAPPING_START_EVENT)
		return yaml_walk_refuse(
			walk,
			"%s takes keys with values, such as 'key: 1', "
			"not %s",
			name_of(look, path), yaml_walk_shape(walk));
	while (yaml_walk_next(walk)) {
		if (walk->event.type == YAML_MAPPING_END_EVENT)
			return nothing_is_missing(look, walk, fields, path,
						  is_seen);
		field = look_key(look, walk, fields, path, is_seen);
		if (!field ||
		    !look_value(look, walk, &field->value,
				arena_printf(look->arena, "%s%s%s", path,
					     *path ? "." : "", field->key)))
			return false;
	}
	return false;
}

/* A name of the environment that was not there before. */
static bool look_name(struct config_look *look, struct yaml_walk *walk,
		      const char *path)
{
	const char *name = yaml_walk_text(walk);
	size_t len;

	if (walk->event.type != YAML_SCALAR_EVENT)
		return yaml_walk_refuse(walk, "a key is one word, not %s",
					yaml_walk_shape(walk));
	len = walk->event.data.scalar.length;
	if (!len || strchr(name, '='))
		return yaml_walk_refuse(
			walk, "'%.80s' is not a name for a variable", name);
	if (look->pairs.count == CONFIG_MAX_ENTRIES)
		return yaml_walk_refuse(walk, "%s holds more than %d entries",
					name_of(look, path),
					CONFIG_MAX_ENTRIES);
	for (size_t i = 0; i < look->pairs.count; i++)
		if (!strncmp(look->pairs.items[i], name, len) &&
		    look->pairs.items[i][len] == '=')
			return yaml_walk_refuse(
				walk, "key '%.80s' is given a second time",
				name);
	return look_bytes(look, walk, path, CONFIG_TEXT_MAX_BYTES);
}

static bool look_pairs(struct config_look *look, struct yaml_walk *walk,
		       const char *path)
{
	if (yaml_walk_is_nothing(walk))
		return true;
	if (walk->event.type != YAML_MAPPING_START_EVENT)
		return yaml_walk_refuse(
			walk,
			"%s takes names with values, such as 'NAME: 1', "
			"not %s",
			name_of(look, path), yaml_walk_shape(walk));
	while (yaml_walk_next(walk)) {
		const char *name, **pair;

		if (walk->event.type == YAML_MAPPING_END_EVENT)
			return true;
		if (!look_name(look, walk, path))
			return false;
		name = arena_dup(look->arena, yaml_walk_text(walk));
		if (!yaml_walk_next(walk))
			return false;
		if (walk->event.type != YAML_SCALAR_EVENT)
			return yaml_walk_refuse(
				walk, "'%.80s' takes one value, not %s", name,
				yaml_walk_shape(walk));
		if (!look_bytes(look, walk, path, CONFIG_TEXT_MAX_BYTES))
			return false;
		pair = arena_push(look->arena, &look->pairs.items,
				  &look->pairs.count, sizeof(*pair));
		*pair = arena_printf(look->arena, "%s=%s", name,
				     yaml_walk_text(walk));
	}
	return false;
}

static bool look_value(struct config_look *look, struct yaml_walk *walk,
		       const cyaml_schema_value_t *schema, const char *path)
{
	note_place(look, path, yaml_walk_line(walk));
	switch (schema->type) {
	case CYAML_MAPPING:
		return look_keys(look, walk, schema, path);
	case CYAML_SEQUENCE:
		return look_list(look, walk, schema, path);
	case CYAML_IGNORE:
		look->pairs.line = yaml_walk_line(walk);
		return look_pairs(look, walk, path);
	default:
		return look_text(look, walk, schema, path);
	}
}

bool config_look(struct config_look *look, const char *text, size_t len,
		 const cyaml_schema_value_t *schema, struct err *err)
{
	struct yaml_walk walk;
	bool is_good = yaml_walk_begin(&walk, look->name, text, len, err) &&
		       look_value(look, &walk, schema, "") &&
		       yaml_walk_finish(&walk);

	yaml_walk_end(&walk);
	return is_good;
}

unsigned config_look_line(const struct config_look *look, const char *path)
{
	for (size_t i = 0; i < look->place_count; i++)
		if (!strcmp(look->places[i].path, path))
			return look->places[i].line;
	return 0;
}
