/* Kept schedules, where the campaign is over: files, and texts in the result.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/buf.h"
#include "campaign/keeping.h"
#include "campaign/state.h"
#include "model/schedule.h"
#include "read/elf_file.h"

enum {
	TEXT_BYTES = 4096, /* of a schedule in the result */
	SLUG_BYTES = 40,
};

struct settling {
	struct campaign *campaign;
	const char *folder, *build;
	bool can_write;
};

/* The build id of the host, in hexadecimal; NULL: it has none. */
static const char *build_of(struct arena *arena, const char *path)
{
	struct elf_file file;
	struct err ignored = {0};
	char *text = NULL;

	if (!elf_file_open(&file, path, &ignored))
		return NULL;
	if (file.build_id_len)
		text = arena_alloc(arena, 2 * file.build_id_len + 1);
	for (size_t i = 0; i < file.build_id_len; i++)
		snprintf(text + 2 * i, 3, "%02x", file.build_id[i]);
	elf_file_close(&file);
	return text;
}

/* Letters, digits, '_' and '-' alone: outcomes may be anything. */
static const char *slug(struct arena *arena, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	char *out = arena_dup_n(arena, text,
				strlen(text) < SLUG_BYTES ? strlen(text)
							  : SLUG_BYTES);

	for (char *at = out; *at; at++)
		if (!strchr(plain, *at))
			*at = '-';
	return out;
}

/* Findings are known by their fingerprint, outcomes by a hash besides: two may
 * have the same slug. */
static const char *file_of(const struct settling *s,
			   const struct keeping_one *one)
{
	struct campaign *c = s->campaign;
	struct arena *arena = &c->result->arena;
	const struct cell *cell = &c->cells[one->cell];

	if (!one->is_outcome)
		return arena_printf(arena, "schedules/%s%s.json", one->name,
				    one->effect ? "-effect" : "");
	return arena_printf(
		arena, "schedules/outcome-%s-t%u-%s-%08llx.json",
		slug(arena, cell_subject(c, cell)->id), cell->threads_asked,
		slug(arena, one->name + (*one->name == '@')),
		(unsigned long long)XXH3_64bits(one->name, strlen(one->name)) &
			UINT32_MAX);
}

static struct schedule schedule_of(const struct settling *s,
				   const struct keeping_one *one)
{
	struct campaign *c = s->campaign;
	struct arena *arena = &c->scratch;
	const struct campaign_options *o = c->options;
	const struct cell *cell = &c->cells[one->cell];
	const struct subject *subject = cell_subject(c, cell);
	struct schedule out = {
		.tool_version = c->result->tool_version,
		.host = o->host_path,
		.build = s->build,
		.scenario = o->argv ? NULL : subject->id,
		.strategy = one->strategy,
		/* To confirm, nothing is left out. */
		.points = one->effect ? "all" : o->points,
		.flags = o->is_spurious && !one->effect ? SCHEDULE_SPURIOUS : 0,
		.threads = cell->threads_asked,
		.seed = o->seed,
		.iteration = one->iteration + 1,
		.max_steps = o->max_steps,
		.fingerprint =
			one->is_outcome || one->effect ? NULL : one->name,
		.outcome = one->is_outcome ? one->name : one->effect,
		.is_cut = one->is_cut,
	};

	for (size_t i = 0; o->argv && o->argv[i]; i++)
		*(const char **)arena_push(arena, &out.command,
					   &out.command_count, sizeof(char *)) =
			o->argv[i];
	for (uint32_t i = 0; i < one->count; i++)
		out.is_cut |= !schedule_add(arena, &out.turns, &out.turn_count,
					    one->turns[i].thread,
					    one->turns[i].steps);
	return out;
}

static bool write_file(struct settling *s, const struct schedule *schedule,
		       const char *file)
{
	struct arena *arena = &s->campaign->scratch;
	struct err err = {0};

	if (!s->can_write || !schedule->turn_count)
		return false;
	if (schedule_file_write(schedule,
				arena_printf(arena, "%s/%s", s->folder, file),
				&err))
		return true;
	/* One sentence is enough. */
	s->can_write = false;
	if (!s->campaign->trouble.code)
		s->campaign->trouble = err;
	return false;
}

/* What a reader sees of it; the file has all. */
static const char *text_of(const struct settling *s,
			   const struct schedule *schedule, bool *is_cut)
{
	struct buf text;
	const char *out;

	buf_init(&text, TEXT_BYTES);
	schedule_print(schedule->turns, schedule->turn_count, &text);
	*is_cut = text.is_cut || schedule->is_cut;
	/* Up to the last whole turn. */
	while (text.is_cut && text.len && text.data[text.len - 1] != ' ')
		text.len--;
	while (text.len && text.data[text.len - 1] == ' ')
		text.len--;
	/* With one thread there is no choice, and no turn. */
	out = text.len ? arena_dup_n(&s->campaign->result->arena, text.data,
				     text.len)
		       : NULL;
	buf_release(&text);
	return out;
}

static struct run_outcome *outcome_of(struct run *run, const char *name)
{
	for (size_t i = 0; i < run->outcome_count; i++)
		if (!strcmp(run->outcomes[i].name, name))
			return &run->outcomes[i];
	return NULL;
}

/* That an iteration came to what any does is worth no file. */
static bool is_worth_a_file(const struct run_outcome *o)
{
	return o->name[0] == '@' || o->grade != GRADE_NONE;
}

static void set(const char **schedule, const struct kept **kept,
		const char *text, const struct kept *with)
{
	*schedule = text;
	*kept = with;
}

/* Findings that were made of the outcome alone. */
static void set_outcomes_findings(struct result *r, const struct run *run,
				  const struct run_outcome *o)
{
	for (size_t i = 0; i < run->finding_count; i++) {
		struct finding *f =
			result_finding(r, run->findings[i].fingerprint);

		if (f && !f->kept && f->outcome && !strcmp(f->outcome, o->name))
			set(&f->schedule, &f->kept, o->schedule, o->kept);
	}
}

static void settle_one(struct settling *s, const struct keeping_one *one)
{
	struct campaign *c = s->campaign;
	struct run_outcome *o =
		one->is_outcome ? outcome_of(cell_run(c, &c->cells[one->cell]),
					     one->name)
				: NULL;
	struct finding *f =
		one->is_outcome ? NULL : result_finding(c->result, one->name);
	struct kept *kept = arena_alloc(&c->result->arena, sizeof(*kept));
	struct schedule schedule = schedule_of(s, one);
	const char *file = file_of(s, one), *text;

	if (!o && !f)
		return;
	text = text_of(s, &schedule, &kept->is_cut);
	kept->strategy = one->strategy;
	/* A program makes as many as it does. */
	kept->threads = c->options->argv ? 0 : schedule.threads;
	kept->seed = schedule.seed;
	kept->iteration = schedule.iteration;
	if ((f || is_worth_a_file(o)) && write_file(s, &schedule, file))
		kept->file = file;
	if (f && one->effect) {
		f->effect_kept = kept;
		return;
	}
	if (f) {
		set(&f->schedule, &f->kept, text, kept);
		return;
	}
	set(&o->schedule, &o->kept, text, kept);
	set_outcomes_findings(c->result, cell_run(c, &c->cells[one->cell]), o);
}

void keeping_settle(struct campaign *c, const char *folder)
{
	struct settling s = {.campaign = c, .folder = folder};
	const char *path;

	if (c->keeping.dropped)
		result_note(c->result,
			    "%llu schedules were too many to be kept",
			    (unsigned long long)c->keeping.dropped);
	if (!c->keeping.count)
		return;
	path = arena_printf(&c->scratch, "%s/schedules", folder);
	s.can_write = !mkdir(path, 0777) || errno == EEXIST;
	if (!s.can_write && !c->trouble.code)
		err_errno(&c->trouble, EXIT_TROUBLE, "cannot make folder '%s'",
			  path);
	s.build = build_of(&c->result->arena, c->options->host_path);
	/* Outcomes last: a finding's own schedule goes before. */
	for (int outcomes = 0; outcomes < 2; outcomes++)
		for (size_t i = 0; i < c->keeping.count; i++) {
			if (c->keeping.ones[i].is_outcome != (outcomes == 1))
				continue;
			settle_one(&s, &c->keeping.ones[i]);
			arena_release(&c->scratch);
		}
}
