#include "program/harvest.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/seen.h"
#include "base/text.h"
#include "judge/paths.h"
#include "model/report_text.h"
#include "program/keep.h"
#include "program/suppressed.h"
#include "read/report_files.h"
#include "read/tsan_text.h"

enum { CHUNK_BYTES = 256 * 1024, FATAL_BYTES = 512, TEXT_BYTES = 1 << 20 };
enum { TSAN_STATUS = 66 };

struct harvester {
	struct program *program;
	struct trial *trial;
	struct arena scratch;
	struct tsan_parser *parser;
	struct seen seen;   /* findings of this run */
	const char *deadly; /* the outcome of a crash that was described    */
	const char *fatal;
	bool has_hit; /* any                                                */
	bool reports_in_output;
	bool is_from_output; /* of its stderr, not of its report files      */
};

/* How a test of a suite must end, its runner knows: its end is told, and
 * neither graded nor a finding. */
static bool is_collecting(const struct program *p)
{
	return p->options->collect_dir != NULL;
}

static void hit(struct harvester *h, size_t finding)
{
	struct run *run = program_only_run(h->program);
	struct result *r = h->program->result;
	struct run_finding *rf;

	if (finding >= r->finding_count) {
		run->dropped++;
		return;
	}
	r->findings[finding].count++;
	if (!seen_first(&h->seen, finding))
		return;
	h->has_hit = true;
	rf = run_finding_of(&r->arena, run, r->findings[finding].fingerprint);
	if (!rf->hits++ || h->trial->number < rf->first)
		rf->first = h->trial->number;
}

/* The user's own log_path is filled, in ThreadSanitizer's form. */
static void fill_user_log(struct harvester *h, const struct report *report)
{
	const char *path =
		arena_printf(&h->scratch, "%s.%llu", h->program->user_log,
			     (unsigned long long)report->pid);
	FILE *file = fopen(path, "ae");
	struct buf text;

	buf_init(&text, TEXT_BYTES);
	report_print(report, &text);
	if (!file || fwrite(text.data, 1, text.len, file) != text.len)
		err_errno(&h->program->trouble, EXIT_TROUBLE,
			  "cannot write '%s', which log_path of TSAN_OPTIONS "
			  "asks for",
			  path);
	if (file)
		fclose(file);
	buf_release(&text);
}

static void take_report(void *context, const struct tsan_found *found)
{
	struct harvester *h = context;
	struct program *p = h->program;
	struct report *report = found->report;
	const char *outcome = NULL;

	symbols_report(p->symbols, found->arena, report);
	paths_shorten(p->result, report);
	report_mark_frees(report);
	if (report->kind == KIND_TSAN_FATAL) {
		if (!h->fatal)
			h->fatal = text_clean(&h->scratch, found->text,
					      found->text_len < FATAL_BYTES
						      ? found->text_len
						      : FATAL_BYTES,
					      false);
		return;
	}
	if (report->is_incomplete && !report->access_count &&
	    !report->thread_count)
		return; /* cut off by the end of its process */
	if (report->kind == KIND_DEADLY_SIGNAL) {
		outcome = report_deadly_outcome(report);
		h->deadly = outcome;
		report->kind = kind_by_outcome(outcome);
		if (is_collecting(p))
			return;
	}
	program_only_run(p)->reports++;
	hit(h, unite_add(p->unite, report, outcome, program_subject(p)->id));
	if (p->user_log && !h->is_from_output && !is_collecting(p))
		fill_user_log(h, report);
}

static void read_log(struct harvester *h, int fd)
{
	static char chunk[CHUNK_BYTES];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		tsan_parser_feed(h->parser, chunk, (size_t)n);
	tsan_parser_end(h->parser);
	if (n < 0 && !h->program->trouble.code)
		err_errno(&h->program->trouble, EXIT_TROUBLE,
			  "cannot read a file of reports in '%s'",
			  h->trial->folder);
}

static void take_file(void *context, const char *name, int fd)
{
	struct harvester *h = context;

	(void)name;
	if (fd < 0)
		return;
	h->trial->started_tsan = true;
	read_log(h, fd);
	suppressed_read(h->program, fd);
}

/* A process that has other TSAN_OPTIONS than ours reports there. */
static void read_output(struct harvester *h)
{
	size_t len;
	const char *text = bounded_text(&h->trial->err, &h->scratch, &len);
	uint64_t before = tsan_parser_counts(h->parser)->reports;

	h->is_from_output = true;
	tsan_parser_feed(h->parser, text, len);
	tsan_parser_end(h->parser);
	if (tsan_parser_counts(h->parser)->reports > before)
		h->trial->started_tsan = h->reports_in_output = true;
}

static void read_reports(struct harvester *h)
{
	struct err ignored = {0};

	h->parser = tsan_parser_new(take_report, h);
	if (h->trial->folder)
		report_files_each(h->trial->folder, take_file, h, &ignored);
	read_output(h);
	h->program->suppressed += tsan_parser_counts(h->parser)->suppressed;
	tsan_parser_free(h->parser);
}

static const char *name_of_end(struct harvester *h)
{
	int status = h->trial->status;

	switch (h->trial->end) {
	case TRIAL_DEADLOCKED:
		return "@deadlock";
	case TRIAL_TIMED_OUT:
		return "@hang";
	case TRIAL_ENDED:
	case TRIAL_CUT_OFF:
		break;
	}
	if (h->deadly && (WIFSIGNALED(status) || !WEXITSTATUS(status)))
		return h->deadly;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
		return "@abort";
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS ||
	     WTERMSIG(status) == SIGILL || WTERMSIG(status) == SIGFPE))
		return "@crash";
	if (WIFSIGNALED(status))
		return arena_printf(&h->scratch, "signal SIG%s",
				    sigabbrev_np(WTERMSIG(status)));
	return WEXITSTATUS(status) ? arena_printf(&h->scratch, "exit %d",
						  WEXITSTATUS(status))
				   : "";
}

/* A process with options of its own ends like that after a report. */
static bool is_tsan_status(const struct harvester *h)
{
	return h->reports_in_output && h->trial->end == TRIAL_ENDED &&
	       WIFEXITED(h->trial->status) &&
	       WEXITSTATUS(h->trial->status) == TSAN_STATUS;
}

static bool is_good(const struct harvester *h, const char *outcome)
{
	const struct program_options *o = h->program->options;
	const struct trial *t = h->trial;

	if (!*outcome || is_tsan_status(h))
		return true;
	for (size_t i = 0; i < o->success_count; i++)
		if (t->end == TRIAL_ENDED && WIFEXITED(t->status) &&
		    *outcome != '@' && WEXITSTATUS(t->status) == o->success[i])
			return true;
	return false;
}

static struct run_outcome *count_outcome(struct harvester *h, const char *name)
{
	struct program *p = h->program;
	struct run *run = program_only_run(p);
	struct run_outcome *o = NULL;

	for (size_t i = 0; !o && i < run->outcome_count; i++)
		if (!strcmp(run->outcomes[i].name, name))
			o = &run->outcomes[i];
	if (!o) {
		o = arena_push(&p->result->arena, &run->outcomes,
			       &run->outcome_count, sizeof(*o));
		o->name = arena_dup(&p->result->arena, name);
		o->grade = is_collecting(p) ? GRADE_NONE : GRADE_ALLOWED;
	}
	/* The same status may be ThreadSanitizer's once, and once not. */
	if (!is_collecting(p) && !is_good(h, name))
		o->grade = GRADE_FORBIDDEN;
	o->count++;
	if (!o->first || h->trial->number < o->first)
		o->first = h->trial->number;
	return o;
}

/* A crash that nobody described, a deadlock, a hang: findings of their own. */
static void add_end_as_finding(struct harvester *h, const char *outcome)
{
	struct report bare = {.kind = kind_by_outcome(outcome)};
	struct report *report = h->trial->stacks ? h->trial->stacks : &bare;

	if (*outcome != '@' || h->deadly || is_collecting(h->program))
		return;
	paths_shorten(h->program->result, report);
	hit(h, unite_add(h->program->unite, report, outcome,
			 program_subject(h->program)->id));
}

static void note_fatal(struct harvester *h)
{
	struct program *p = h->program;

	if (!p->has_fatal)
		subject_note(p->result, program_subject(p),
			     "ThreadSanitizer itself failed in run %llu: %s",
			     (unsigned long long)h->trial->number, h->fatal);
	p->has_fatal = true;
}

static void count_run(struct harvester *h)
{
	struct program *p = h->program;
	const struct trial *t = h->trial;

	program_only_run(p)->iterations++;
	p->left_things += t->left_things;
	if (t->started_tsan)
		p->with_tsan++;
	else if (!t->is_watchable)
		p->unknown++;
}

void harvest(struct program *p, struct trial *trial)
{
	struct harvester h = {.program = p, .trial = trial};
	const char *outcome;

	read_reports(&h);
	/* What was seen until it was cut off counts; how it ended does not,
	 * and that nothing was seen by then proves nothing. */
	if (trial->end != TRIAL_CUT_OFF || h.deadly) {
		struct run_outcome *o;

		outcome = name_of_end(&h);
		add_end_as_finding(&h, outcome);
		o = count_outcome(&h, outcome);
		if (o->grade == GRADE_FORBIDDEN)
			keep_output(p, trial, o);
	}
	if (h.fatal)
		note_fatal(&h);
	if (trial->end != TRIAL_CUT_OFF || h.has_hit || h.deadly)
		count_run(&h);
	seen_release(&h.seen);
	arena_release(&h.scratch);
}
