#include "model/result_json.h"

#include <string.h>

#include "base/replace.h"
#include "model/result_parts.h"

#define FORMAT "snag-result"

static json_t *tool_to_json(struct arena *arena, const struct result *result)
{
	json_t *object = json_object();

	put_text(arena, object, "name", "snag");
	put_text(arena, object, "version", result->tool_version);
	return object;
}

static void tool_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct result *result = slot;

	result->tool_version = get_text(r, object, "version");
}

static json_t *head_to_json(struct arena *arena, const struct result *result)
{
	json_t *root = json_object();

	put_text(arena, root, "format", FORMAT);
	put_count(root, "version", RESULT_VERSION);
	json_object_set_new(root, "tool", tool_to_json(arena, result));
	put_text(arena, root, "command", result->command);
	put_text(arena, root, "started", result->started);
	put_count(root, "duration_ms", result->duration_ms);
	put_flag(root, "interrupted", result->is_interrupted);
	put_text(arena, root, "verdict", verdict_name(result->verdict));
	put_count(root, "exit", (uint64_t)result->exit);
	put_texts(arena, root, "notes", result->notes, result->note_count);
	return root;
}

void result_to_json(const struct result *result, FILE *file)
{
	struct arena arena = {0};
	json_t *root, *subjects, *findings;

	json_prepare();
	root = head_to_json(&arena, result);
	subjects = json_array();
	findings = json_array();
	for (size_t i = 0; i < result->subject_count; i++)
		json_array_append_new(
			subjects,
			subject_to_json(&arena, &result->subjects[i]));
	for (size_t i = 0; i < result->finding_count; i++)
		json_array_append_new(
			findings,
			finding_to_json(&arena, &result->findings[i]));
	json_object_set_new(root, "subjects", subjects);
	json_object_set_new(root, "findings", findings);
	json_dumpf(root, file, JSON_WRITE_FLAGS);
	fputc('\n', file);
	json_decref(root);
	arena_release(&arena);
}

bool result_write(const struct result *result, const char *path,
		  struct err *err)
{
	struct replacement r;

	if (!replace_begin(&r, path, err))
		return false;
	result_to_json(result, r.file);
	return replace_commit(&r, err);
}

static void exit_get(struct json_reader *r, const json_t *root,
		     struct result *result)
{
	static const enum exit_code codes[] = {EXIT_AS_EXPECTED, EXIT_FINDING,
					       EXIT_USAGE, EXIT_TROUBLE,
					       EXIT_INTERRUPTED};
	unsigned code = get_unsigned(r, root, "exit");

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (code == (unsigned)codes[i]) {
			result->exit = codes[i];
			return;
		}
	get_fail(r, "exit", "is no exit code of Snag");
}

static void root_get(struct json_reader *r, const json_t *root,
		     struct result *result)
{
	const char *started, *verdict;

	if (!get_format(r, root, FORMAT, RESULT_VERSION))
		return;
	get_object(r, root, "tool", tool_get, result);
	result->command = get_text(r, root, "command");
	started = get_text(r, root, "started");
	if (started)
		snprintf(result->started, sizeof(result->started), "%.*s",
			 (int)strspn(started, "0123456789-:.TZ+"), started);
	result->duration_ms = get_count(r, root, "duration_ms");
	result->is_interrupted = get_flag(r, root, "interrupted");
	verdict = need_text(r, root, "verdict");
	result->verdict = verdict_by_name(verdict);
	if (!result->verdict && strcmp(verdict, "none") != 0)
		get_fail(r, "verdict", "is none of the words it may be");
	exit_get(r, root, result);
	result->notes = get_texts(r, root, "notes", &result->note_count);
	result->subjects =
		get_objects(r, root, "subjects", &result->subject_count,
			    sizeof(*result->subjects), subject_get);
	result->findings =
		get_objects(r, root, "findings", &result->finding_count,
			    sizeof(*result->findings), finding_get);
}

bool result_read(const char *path, struct result *result, struct err *err)
{
	struct json_reader r = {
		.arena = &result->arena, .err = err, .path = path};
	json_t *root = json_load_checked(path, err);

	if (!root)
		return false;
	root_get(&r, root, result);
	json_decref(root);
	return !r.is_bad;
}
