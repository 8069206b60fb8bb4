/*
 * Reading all there is; what becomes of it is in evidence_unite.c.
 */
#include "gather/evidence.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "gather/evidence_part.h"
#include "gather/late_logs.h"
#include "model/result_json.h"

/* What all that was read may take in memory. */
#define EVIDENCE_MAX_BYTES ((size_t)3 << 30)

enum { COMPLAINT_BYTES = 2048, NOTES_MOST = 1000 };

struct evidence *evidence_new(struct result *result)
{
	struct evidence *e = must_alloc(sizeof(*e));

	*e = (struct evidence){.result = result, .symbols = symbols_new()};
	return e;
}

void evidence_free(struct evidence *e)
{
	if (!e)
		return;
	symbols_free(e->symbols);
	free(e);
}

void evidence_complain(struct evidence *e, const char *fmt, ...)
{
	struct arena *arena = &e->result->arena;
	const char **slot = arena_push(arena, &e->complaints,
				       &e->complaint_count, sizeof(*slot));
	char text[COMPLAINT_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	*slot = text_clean(arena, text, strlen(text), false);
}

const char *const *evidence_complaints(const struct evidence *e, size_t *count)
{
	*count = e->complaint_count;
	return e->complaints;
}

static void note_once(struct result *r, const char *note)
{
	for (size_t i = 0; i < r->note_count; i++)
		if (!strcmp(r->notes[i], note) || i >= NOTES_MOST)
			return;
	result_note(r, "%s", note);
}

/* Its memory becomes the whole result's. */
static void take(struct evidence *e, struct result *loaded, const char *path)
{
	struct arena *arena = &e->result->arena;
	struct stored *stored = arena_push(arena, &e->stored, &e->stored_count,
					   sizeof(*stored));

	stored->path = text_clean(arena, path, strlen(path), false);
	stored->findings = loaded->findings;
	stored->finding_count = loaded->finding_count;
	stored->first_piece = e->piece_count;
	stored->piece_count = loaded->subject_count;
	for (size_t i = 0; i < loaded->subject_count; i++) {
		struct piece *piece = arena_push(
			arena, &e->pieces, &e->piece_count, sizeof(*piece));

		*piece = (struct piece){.subject = &loaded->subjects[i],
					.stored = e->stored_count - 1};
	}
	for (size_t i = 0; i < loaded->note_count; i++)
		note_once(e->result, loaded->notes[i]);
	if (loaded->is_interrupted)
		evidence_complain(
			e, "'%s' was interrupted: some of it did not run",
			path);
	arena_adopt(arena, &loaded->arena);
	*loaded = (struct result){0};
}

static bool check_room(const struct evidence *e, const char *path,
		       struct err *err)
{
	if (e->result->arena.used_bytes < EVIDENCE_MAX_BYTES)
		return true;
	return err_set(err, EXIT_USAGE,
		       "'%s' is not read: all before it takes %zu MiB already",
		       path, e->result->arena.used_bytes >> 20);
}

static bool read_result(const char *path, struct result *result,
			struct err *err)
{
	if (!result_read(path, result, err))
		return false;
	if (result->finding_count <= UNITE_MAX_FINDINGS)
		return true;
	return err_set(err, EXIT_USAGE,
		       "'%s' holds more than %d findings, which no Snag writes",
		       path, UNITE_MAX_FINDINGS);
}

bool evidence_file(struct evidence *e, const char *path, struct err *err)
{
	struct result loaded = {0};

	if (!check_room(e, path, err) || !read_result(path, &loaded, err)) {
		result_release(&loaded);
		return false;
	}
	take(e, &loaded, path);
	return true;
}

/* In a folder, a FIFO is not waited for. */
static bool read_entry(const struct evidence *e, const char *path,
		       struct result *loaded, struct err *err)
{
	struct stat st;

	if (!check_room(e, path, err))
		return false;
	if (stat(path, &st))
		return err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EXIT_USAGE, "'%s' is not a file", path);
	return read_result(path, loaded, err);
}

static void add_bad(struct result *loaded, const char *name, const char *why)
{
	struct subject *s = arena_push(&loaded->arena, &loaded->subjects,
				       &loaded->subject_count, sizeof(*s));

	s->id = text_clean(&loaded->arena, name, strlen(name), false);
	s->type = SUBJECT_TEST;
	s->verdict = VERDICT_ERROR;
	s->why = text_clean(&loaded->arena, why, strlen(why), false);
}

struct entry {
	const char *dir, *name; /* without .json or .logs */
	bool has_json, has_logs;
};

static void add_logs(struct evidence *e, const struct entry *entry,
		     struct result *loaded)
{
	const char *folder = arena_printf(&loaded->arena, "%s/%s.logs",
					  entry->dir, entry->name);
	struct err err = {0};

	/* Collected results have one subject. */
	if (loaded->subject_count == 1 &&
	    late_logs_add(loaded, folder, e->symbols, &err))
		return;
	if (!err.code)
		err_set(&err, EXIT_USAGE, "nobody knows whose reports '%s' has",
			folder);
	evidence_complain(e, "%s", err.text);
	add_bad(loaded, entry->name, err.text);
}

static void take_entry(struct evidence *e, const struct entry *entry)
{
	struct result loaded = {0};
	struct arena scratch = {0};
	struct err err = {0};
	const char *path =
		arena_printf(&scratch, "%s/%s.json", entry->dir, entry->name);

	if (!entry->has_json)
		err_set(&err, EXIT_USAGE,
			"'%s/%s.logs' is there and its result is not",
			entry->dir, entry->name);
	if (!entry->has_json || !read_entry(e, path, &loaded, &err)) {
		result_release(&loaded);
		evidence_complain(e, "%s", err.text);
		add_bad(&loaded, entry->name, err.text);
	}
	if (entry->has_logs)
		add_logs(e, entry, &loaded);
	take(e, &loaded, path);
	arena_release(&scratch);
}

static bool ends_with(const char *name, const char *end)
{
	size_t a = strlen(name), b = strlen(end);

	return a > b && !strcmp(name + a - b, end);
}

static int is_evidence(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && (ends_with(entry->d_name, ".json") ||
					   ends_with(entry->d_name, ".logs"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

struct listing {
	struct dirent **names; /* sorted */
	size_t count;
};

static bool has_name(const struct listing *list, const char *name)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(list->names[middle]->d_name, name);

		if (!order)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* NAME.json and NAME.logs belong together; report.json is result.json again. */
static void take_name(struct evidence *e, const char *dir,
		      const struct listing *list, const char *name)
{
	struct arena scratch = {0};
	const char *stem = arena_dup_n(&scratch, name, strlen(name) - 5);
	const char *json = arena_printf(&scratch, "%s.json", stem);
	const char *logs = arena_printf(&scratch, "%s.logs", stem);
	struct entry entry = {.dir = dir,
			      .name = stem,
			      .has_json = has_name(list, json),
			      .has_logs = has_name(list, logs)};
	bool is_again =
		!strcmp(name, "report.json") && has_name(list, "result.json");
	/* Both are taken when the first of them is met. */
	bool is_done = entry.has_json && !strcmp(name, logs);

	if (!is_again && !is_done)
		take_entry(e, &entry);
	arena_release(&scratch);
}

bool evidence_folder(struct evidence *e, const char *path, struct err *err)
{
	struct listing list = {0};
	int count = scandir(path, &list.names, is_evidence, by_name);

	if (count < 0)
		return err_errno(err, EXIT_USAGE, "cannot read folder '%s'",
				 path);
	list.count = (size_t)count;
	for (size_t i = 0; i < list.count; i++)
		take_name(e, path, &list, list.names[i]->d_name);
	for (size_t i = 0; i < list.count; i++)
		free(list.names[i]);
	free(list.names);
	return true;
}
