#include "gather/late_logs.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/seen.h"
#include "base/stats.h"
#include "judge/paths.h"
#include "judge/unite.h"
#include "read/report_files.h"
#include "read/tsan_text.h"

enum { CHUNK_BYTES = 256 * 1024 };

struct reading {
	struct result *result;
	struct subject *subject;
	struct run *run;
	struct unite *unite;
	struct symbols *symbols;
	struct tsan_parser *parser;
	struct seen seen; /* findings of these logs */
	unsigned files;
	uint64_t left; /* bytes that may still be read */
	uint64_t reports, ends, fatal, unread;
};

static void make_places(struct reading *r)
{
	struct arena *arena = &r->result->arena;

	if (!r->result->subject_count)
		arena_push(arena, &r->result->subjects,
			   &r->result->subject_count, sizeof(struct subject));
	r->subject = &r->result->subjects[0];
	if (!r->subject->run_count) {
		r->run = arena_push(arena, &r->subject->runs,
				    &r->subject->run_count, sizeof(struct run));
		r->run->engine = "stress";
		r->run->strategy = "kernel";
	}
	r->run = &r->subject->runs[0];
}

/* One that had not ended was an iteration all the same: something was seen. */
static void hit(struct reading *r, size_t at)
{
	struct run_finding *seen;

	if (at >= r->result->finding_count) {
		r->run->dropped++;
		return;
	}
	r->result->findings[at].count++;
	if (!seen_first(&r->seen, at))
		return;
	if (!r->run->iterations)
		r->run->iterations = 1;
	seen = run_finding_of(&r->result->arena, r->run,
			      r->result->findings[at].fingerprint);
	if (seen->hits < r->run->iterations)
		seen->hits++;
	if (!seen->first)
		seen->first = r->run->iterations;
}

static void take_report(void *context, const struct tsan_found *found)
{
	struct reading *r = context;
	struct report *report = found->report;

	symbols_report(r->symbols, found->arena, report);
	paths_shorten(r->result, report);
	report_mark_frees(report);
	if (report->kind == KIND_TSAN_FATAL) {
		r->fatal++;
		return;
	}
	if (report->kind == KIND_DEADLY_SIGNAL) {
		r->ends++;
		return;
	}
	if (report->is_incomplete && !report->access_count &&
	    !report->thread_count)
		return; /* cut off by the end of its process */
	r->reports++;
	r->run->reports++;
	hit(r, unite_add(r->unite, report, NULL, r->subject->id));
}

static bool read_file(struct reading *r, int fd)
{
	static char chunk[CHUNK_BYTES];
	struct stat st;
	ssize_t n = 0;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	while (r->left && (n = read(fd, chunk, sizeof(chunk))) > 0) {
		tsan_parser_feed(r->parser, chunk, (size_t)n);
		r->left -= (uint64_t)n < r->left ? (uint64_t)n : r->left;
	}
	tsan_parser_end(r->parser);
	return n == 0;
}

static void take_file(void *context, const char *name, int fd)
{
	struct reading *r = context;

	(void)name;
	make_places(r);
	if (r->files++ >= LATE_LOGS_MAX_FILES || fd < 0 || !read_file(r, fd))
		r->unread++;
}

/* What makes it an error, unless something is found. */
static void doubt(struct reading *r, const char *why)
{
	struct subject *s = r->subject;

	if (s->verdict == VERDICT_ERROR) {
		subject_note(r->result, s, "%s", why);
		return;
	}
	s->verdict = VERDICT_ERROR;
	s->why = why;
}

static void conclude(struct reading *r)
{
	struct arena *arena = &r->result->arena;

	if (r->reports)
		subject_note(
			r->result, r->subject,
			"%s came from processes of it that had not ended "
			"with it",
			stats_plural(arena, r->reports, "report", "reports"));
	if (r->ends)
		subject_note(r->result, r->subject,
			     "ThreadSanitizer saw %s of processes of it",
			     stats_plural(arena, r->ends, "crash", "crashes"));
	if (r->fatal)
		doubt(r, "ThreadSanitizer itself failed: `snag doctor` may say "
			 "why");
	if (r->unread)
		doubt(r, arena_printf(arena,
				      "%s of it could not be read, or not to "
				      "the end",
				      stats_plural(arena, r->unread,
						   "file of reports",
						   "files of reports")));
}

bool late_logs_add(struct result *result, const char *folder,
		   struct symbols *symbols, struct err *err)
{
	struct reading r = {.result = result,
			    .symbols = symbols,
			    .left = LATE_LOGS_MAX_BYTES};
	bool is_read;

	r.parser = tsan_parser_new(take_report, &r);
	r.unite = unite_new(result);
	is_read = report_files_each(folder, take_file, &r, err);
	unite_settle(r.unite);
	unite_free(r.unite);
	if (is_read) {
		make_places(&r);
		conclude(&r);
	}
	tsan_parser_free(r.parser);
	seen_release(&r.seen);
	return is_read;
}
