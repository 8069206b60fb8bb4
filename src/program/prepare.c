#include "program/prepare.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "judge/paths.h"
#include "program/added.h"
#include "program/suppressed.h"
#include "program/tidy.h"

/* A machine format with addresses: names are found by us, once for all runs,
 * which saves starting a symbolizer in each. */
#define FRAME_FORMAT "    #%n|%p|%m|%o|%q|%s|%l|%c|%f"

struct flag {
	const char *name, *value;
};

/* Ours, whatever the user's say: without them an end cannot be told. */
static const struct flag ours[] = {
	{"exitcode", "0"},       {"halt_on_error", "0"}, {"report_bugs", "1"},
	{"abort_on_error", "0"}, {"handle_segv", "1"},   {"handle_sigbus", "1"},
	{"handle_abort", "1"},   {"handle_sigill", "1"}, {"handle_sigfpe", "1"},
	{"color", "never"},      {"log_exe_name", "0"},  {"log_suffix", ""},
};

/* Only where the user's do not say otherwise. */
static const struct flag defaults[] = {
	{"second_deadlock_stack", "1"},
	{"print_suppressions", "1"},
};

/* Of these, people are told: the others mean nothing here. */
static bool is_worth_a_word(const char *name)
{
	static const char *const names[] = {"exitcode", "halt_on_error",
					    "report_bugs", "abort_on_error"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return !strncmp(name, "handle_", 7);
}

static void note_overridden(struct program *p, const struct tsan_flags *users)
{
	struct buf names;

	buf_init(&names, 512);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		const char *value = tsan_flags_get(users, ours[i].name);

		if (value && strcmp(value, ours[i].value) != 0 &&
		    is_worth_a_word(ours[i].name))
			buf_printf(&names, "%s%s=%s", names.len ? ", " : "",
				   ours[i].name, value);
	}
	if (names.len)
		result_note(p->result,
			    "TSAN_OPTIONS: %s %s not used: in these runs Snag "
			    "sets its own, to tell how each one ended",
			    text_clean(&p->result->arena, names.data, names.len,
				       false),
			    strchr(names.data, ',') ? "are" : "is");
	buf_release(&names);
}

static bool is_stream(const char *log_path)
{
	return !strcmp(log_path, "stdout") || !strcmp(log_path, "stderr");
}

static void note_user_log(struct program *p, const char *path)
{
	if (!path || !*path || is_stream(path))
		return;
	p->user_log = path;
	result_note(p->result,
		    "TSAN_OPTIONS: log_path is Snag's in these runs; '%s.PID' "
		    "are filled after each",
		    text_clean(&p->result->arena, path, strlen(path), false));
}

/* Delays of LLVM 23's own, at accesses too, which no seed repeats. */
static void add_delays(struct program *p, struct tsan_flags *flags)
{
	if (!p->options->noise || !p->options->has_adaptive_delay ||
	    tsan_flags_get(flags, "enable_adaptive_delay"))
		return;
	tsan_flags_set(flags, "enable_adaptive_delay", "1");
	tsan_flags_default(flags, "adaptive_delay_aggressiveness",
			   strcmp(p->options->noise, "heavy") ? "25" : "200");
	result_note(p->result,
		    "the program's ThreadSanitizer has delays of its own, "
		    "which are on with the noise; --seed does not repeat them");
}

/* With suppressions ThreadSanitizer needs names itself. */
static void choose_symbols(struct program *p, struct tsan_flags *flags)
{
	if (tsan_flags_get(flags, "suppressions") ||
	    p->options->probe->has_suppressions) {
		tsan_flags_set(flags, "symbolize", "1");
		return;
	}
	tsan_flags_set(flags, "symbolize", "0");
	tsan_flags_set(flags, "stack_trace_format", FRAME_FORMAT);
}

static bool prepare_flags(struct program *p, struct err *err)
{
	struct tsan_flags *flags = &p->plan.flags;
	struct tsan_flags users;

	if (!tsan_flags_read(&users, &p->result->arena, getenv("TSAN_OPTIONS"),
			     err))
		return false;
	*flags = users;
	if (p->options->collect_dir) {
		const char *path = tsan_flags_get(&users, "log_path");

		p->user_log = path && *path && !is_stream(path) ? path : NULL;
		return true;
	}
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		tsan_flags_set(flags, ours[i].name, ours[i].value);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		tsan_flags_default(flags, defaults[i].name, defaults[i].value);
	if (!tsan_flags_read(&users, &p->result->arena, getenv("TSAN_OPTIONS"),
			     err))
		return false;
	add_delays(p, flags);
	note_overridden(p, &users);
	note_user_log(p, tsan_flags_get(&users, "log_path"));
	return true;
}

bool prepare_plan(struct program *p, struct err *err)
{
	const struct program_options *o = p->options;
	struct arena *arena = &p->result->arena;

	p->plan = (struct trial_plan){
		.path = p->options->probe->path,
		.argv = o->argv,
		.environment = o->environment,
		.environment_count = o->environment_count,
		.preload = o->preload,
		.noise = o->noise,
		.seed = o->seed,
		.timeout_ms = o->timeout_ms,
	};
	if (!prepare_flags(p, err))
		return false;
	if (p->options->collect_dir)
		return true;
	p->plan.folder = tidy_private_folder(arena, err);
	if (!p->plan.folder || !suppressed_prepare(p, err))
		return false;
	choose_symbols(p, &p->plan.flags);
	return true;
}

static void add_variable(struct program *p, struct source *source,
			 const char *name)
{
	const char *value = getenv(name);
	const char **slot;

	if (!value)
		return;
	slot = arena_push(&p->result->arena, &source->environment,
			  &source->environment_count, sizeof(*slot));
	*slot = arena_printf(
		&p->result->arena, "%s=%s", name,
		text_clean(&p->result->arena, value, strlen(value), false));
}

/* Where it was run: two tests may differ in nothing else. */
static void add_folder(struct program *p, struct source *source)
{
	struct arena *arena = &p->result->arena;
	char cwd[PATH_MAX];
	const char **slot;

	if (!p->options->collect_dir || !getcwd(cwd, sizeof(cwd)))
		return;
	slot = arena_push(arena, &source->environment,
			  &source->environment_count, sizeof(*slot));
	*slot = arena_printf(arena, "PWD=%s",
			     text_clean(arena, cwd, strlen(cwd), false));
}

static void add_source(struct program *p, struct subject *s)
{
	struct arena *arena = &p->result->arena;
	struct source *source = arena_push(arena, &s->sources, &s->source_count,
					   sizeof(*source));
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	source->command = text_command(arena, p->options->argv);
	source->seed = p->options->seed;
	source->attempt = 1;
	source->host = text_clean(arena, host, strlen(host), false);
	add_variable(p, source, "TSAN_OPTIONS");
	add_variable(p, source, "LD_PRELOAD");
	add_folder(p, source);
	if (p->options->collect_dir)
		added_variables(arena, &source->environment,
				&source->environment_count);
}

void prepare_subject(struct program *p)
{
	struct result *r = p->result;
	const char *name = p->options->argv[0];
	struct subject *s = arena_push(&r->arena, &r->subjects,
				       &r->subject_count, sizeof(*s));
	struct run *run =
		arena_push(&r->arena, &s->runs, &s->run_count, sizeof(*run));

	s->id = text_clean(&r->arena, name, strlen(name), false);
	s->type = p->options->collect_dir ? SUBJECT_TEST : SUBJECT_PROGRAM;
	run->engine = "stress";
	run->strategy = p->options->noise ? arena_printf(&r->arena, "noise-%s",
							 p->options->noise)
					  : "kernel";
	add_source(p, s);
	r->root = paths_root_here(&r->arena);
}
