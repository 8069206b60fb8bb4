#include "model/list_json.h"

#include "model/result_parts.h"

void list_to_json(const struct subject *subjects, size_t count, FILE *file)
{
	struct arena arena = {0};
	json_t *root, *scenarios;

	json_prepare();
	root = json_object();
	scenarios = json_array();
	put_text(&arena, root, "format", "snag-list");
	put_count(root, "version", LIST_VERSION);
	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		put_text(&arena, one, "id", subjects[i].id);
		scenario_put(&arena, one, &subjects[i]);
		json_array_append_new(scenarios, one);
	}
	json_object_set_new(root, "scenarios", scenarios);
	json_dumpf(root, file, JSON_WRITE_FLAGS);
	fputc('\n', file);
	json_decref(root);
	arena_release(&arena);
}
