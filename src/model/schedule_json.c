/* The file of a schedule. */
#include <stdlib.h>
#include <string.h>

#include "base/replace.h"
#include "model/json_get.h"
#include "model/json_put.h"
#include "model/schedule_json.h"

#define FORMAT "snag-schedule"

static const char *const flag_names[] = {"spurious", "no-oracle", "all-oracle"};
static const unsigned flag_bits[] = {SCHEDULE_SPURIOUS, SCHEDULE_NO_ORACLE,
				     SCHEDULE_ALL_ORACLE};
enum { FLAGS = sizeof(flag_bits) / sizeof(flag_bits[0]) };

static void put_flags(struct arena *arena, json_t *root, unsigned flags)
{
	const char *names[FLAGS];
	size_t n = 0;

	for (size_t i = 0; i < FLAGS; i++)
		if (flags & flag_bits[i])
			names[n++] = flag_names[i];
	put_texts(arena, root, "flags", names, n);
}

static json_t *turns_to_json(struct arena *arena, const struct schedule *s)
{
	json_t *turns = json_array();

	for (size_t i = 0; i < s->turn_count; i++) {
		const struct schedule_turn *t = &s->turns[i];
		json_t *object = json_object();

		put_count(object, "thread", t->thread);
		put_count(object, "steps", t->steps);
		put_text(arena, object, "file", t->file);
		put_count_if(object, "line", t->line);
		put_text(arena, object, "function", t->function);
		put_text(arena, object, "source", t->source);
		json_array_append_new(turns, object);
	}
	return turns;
}

json_t *schedule_to_json(struct arena *arena, const struct schedule *s)
{
	json_t *root = json_object();

	put_text(arena, root, "format", FORMAT);
	put_count(root, "version", SCHEDULE_VERSION);
	put_text(arena, root, "tool_version", s->tool_version);
	put_text(arena, root, "host", s->host);
	put_text(arena, root, "build", s->build);
	put_text(arena, root, "scenario", s->scenario);
	put_texts(arena, root, "command", s->command, s->command_count);
	put_count(root, "threads", s->threads);
	put_hex(root, "seed", s->seed);
	put_count(root, "iteration", s->iteration);
	put_text(arena, root, "strategy", s->strategy);
	put_text(arena, root, "points", s->points);
	put_flags(arena, root, s->flags);
	put_count_if(root, "max_steps", s->max_steps);
	put_text(arena, root, "fingerprint", s->fingerprint);
	put_text(arena, root, "outcome", s->outcome);
	if (s->trace_hash)
		put_hex(root, "trace_hash", s->trace_hash);
	put_flag_if(root, "is_cut", s->is_cut);
	json_object_set_new(root, "turns", turns_to_json(arena, s));
	return root;
}

bool schedule_file_write(const struct schedule *schedule, const char *path,
			 struct err *err)
{
	struct arena arena = {0};
	struct replacement r;
	json_t *root;

	if (!replace_begin(&r, path, err))
		return false;
	json_prepare();
	root = schedule_to_json(&arena, schedule);
	json_dumpf(root, r.file, JSON_WRITE_FLAGS);
	fputc('\n', r.file);
	json_decref(root);
	arena_release(&arena);
	return replace_commit(&r, err);
}

static void read_turn(struct json_reader *r, const json_t *object, void *slot)
{
	struct schedule_turn *t = slot;

	t->thread = get_unsigned(r, object, "thread");
	t->steps = get_unsigned(r, object, "steps");
	t->file = get_text(r, object, "file");
	t->line = get_unsigned(r, object, "line");
	t->function = get_text(r, object, "function");
	t->source = get_text(r, object, "source");
	if (!r->is_bad && t->thread > SCHEDULE_MAX_THREAD)
		get_fail(r, "thread", "is not a number from 0 to 64999");
	if (!r->is_bad && (!t->steps || t->steps > SCHEDULE_MAX_STEPS))
		get_fail(r, "steps", "is not a number from 1 to 65535");
}

static void read_flags(struct json_reader *r, const json_t *root,
		       struct schedule *s)
{
	size_t count;
	const char **names = get_texts(r, root, "flags", &count);

	for (size_t i = 0; i < count; i++) {
		size_t f = 0;

		while (f < FLAGS && strcmp(names[i], flag_names[f]) != 0)
			f++;
		if (f == FLAGS) {
			get_fail(r, "flags",
				 "holds a word that is none of spurious, "
				 "no-oracle and all-oracle");
			return;
		}
		s->flags |= flag_bits[f];
	}
}

static void read_points(struct json_reader *r, const json_t *root,
			struct schedule *s)
{
	static const char *const words[] = {"all", "shared", "sync"};

	s->points = words[get_word(r, root, "points", words, 3, 0)];
}

static bool is_long(const json_t *root)
{
	return json_array_size(json_object_get(root, "turns")) >
	       SCHEDULE_MAX_TURNS;
}

static void read_all(struct json_reader *r, const json_t *root,
		     struct schedule *s)
{
	if (!get_format(r, root, FORMAT, SCHEDULE_VERSION))
		return;
	s->tool_version = get_text(r, root, "tool_version");
	s->host = need_text(r, root, "host");
	s->build = get_text(r, root, "build");
	s->scenario = get_text(r, root, "scenario");
	s->command = get_texts(r, root, "command", &s->command_count);
	s->threads = get_unsigned(r, root, "threads");
	s->seed = get_hex(r, root, "seed", NULL);
	s->iteration = get_count(r, root, "iteration");
	s->strategy = get_text(r, root, "strategy");
	read_points(r, root, s);
	read_flags(r, root, s);
	s->max_steps = get_count(r, root, "max_steps");
	s->fingerprint = get_text(r, root, "fingerprint");
	s->outcome = get_text(r, root, "outcome");
	s->trace_hash = get_hex(r, root, "trace_hash", NULL);
	s->is_cut = get_flag(r, root, "is_cut");
	if (is_long(root))
		get_fail(r, "turns", "is longer than 65536");
	s->turns = get_objects(r, root, "turns", &s->turn_count,
			       sizeof(*s->turns), read_turn);
	if (!r->is_bad && !s->scenario && !s->command_count)
		get_fail(r, "scenario", "is missing");
	if (!r->is_bad && !s->turn_count)
		get_fail(r, "turns", "is missing or empty");
}

static bool read_json(json_t *root, const char *path, struct arena *arena,
		      struct schedule *schedule, struct err *err)
{
	struct json_reader r = {.arena = arena, .err = err, .path = path};

	*schedule = (struct schedule){0};
	if (!root)
		return false;
	read_all(&r, root, schedule);
	json_decref(root);
	return !r.is_bad;
}

bool schedule_file_read(const char *path, struct arena *arena,
			struct schedule *schedule, struct err *err)
{
	return read_json(json_load_checked(path, err), path, arena, schedule,
			 err);
}

bool schedule_json_read(const char *text, size_t len, const char *path,
			struct arena *arena, struct schedule *schedule,
			struct err *err)
{
	return read_json(json_parse_checked(text, len, path, err), path, arena,
			 schedule, err);
}
