/*
 * result.h - what a campaign came to: the one thing every report is made from.
 *
 * The in-memory form of result.json, format version 1 (docs/formats.md,
 * docs/result.schema.json).  Everything belongs to result.arena.  Findings are
 * united over runs, threads, shards and attempts by fingerprint; each run says
 * how often it saw which.
 */
#ifndef SNAG_MODEL_RESULT_H
#define SNAG_MODEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/explored.h"
#include "model/report.h"

enum {
	RESULT_VERSION = 1,
	FINGERPRINT_HEX = 32, /* digits of a fingerprint, without the NUL */
	/* How judge/fingerprint.h makes them: stored ones depend on it. */
	FINGERPRINT_VERSION = 1,
};

enum verdict {
	VERDICT_NONE = 0, /* not judged yet */
	/* Of a scenario. */
	VERDICT_AS_EXPECTED,
	VERDICT_UNEXPECTED,
	VERDICT_MISSED,
	VERDICT_SKIPPED,
	/* Of a program, a test or a log. */
	VERDICT_CLEAN,
	VERDICT_KNOWN,
	VERDICT_NEW,
	VERDICT_FAILED,
	/* Of any. */
	VERDICT_ERROR,
	VERDICT_COUNT,
};

enum subject_type {
	SUBJECT_SCENARIO = 1,
	SUBJECT_PROGRAM,
	SUBJECT_TEST,
	SUBJECT_LOG,
};

/* Of a finding, beside what a baseline says is known. */
enum standing {
	STANDING_NONE = 0, /* not compared with a baseline */
	STANDING_NEW,
	STANDING_KNOWN,
	STANDING_EXPIRED, /* known, but only until a day that is past */
	STANDING_COUNT,
};

enum expect { EXPECT_NONE = 0, EXPECT_CLEAN, EXPECT_BROKEN, EXPECT_BLIND };
enum grade { GRADE_FORBIDDEN = 0, GRADE_ALLOWED, GRADE_REQUIRED, GRADE_NONE };
enum { ENGINE_STRESS = 1, ENGINE_EXPLORE = 2 }; /* masks, as on the wire */

/* One line of a scenario's expectation: a report ... */
struct expected_report {
	enum kind kind;
	const char *cause; /* NULL: any                                */
	enum grade grade;
	const char *between[2]; /* NULL: any function                       */
	const char *why;
	unsigned engines; /* 0: all                                   */
};

/* ... or an outcome. */
struct expected_outcome {
	const char *when; /* "*": any other of check()                      */
	enum grade grade;
	const char *why, *cause;
	unsigned engines;
};

/* How, where and with what a run was made. */
struct source {
	const char *command; /* as the shell would take it */
	uint64_t seed;
	const char **environment; /* "NAME=value" of what matters */
	size_t environment_count;
	unsigned attempt; /* from 1 */
	const char *host; /* machine */
};

struct run_outcome {
	const char *name;
	uint64_t count;
	uint64_t first;   /* iteration, from 1, of the first; 0: unknown */
	enum grade grade; /* GRADE_NONE: not judged */
	const char *why;
	/* Of a program's first run that ended so: the end of what it printed,
	 * and where more of it is, below the result's folder; or NULL. */
	const char *words, *output;
	/* Of explore, its first sight: as text, perhaps cut; or NULL. */
	const char *schedule;
	const struct kept *kept;
};

struct run_finding {
	const char *fingerprint; /* of result.findings */
	uint64_t hits;           /* iterations with at least one report */
	uint64_t first;          /* iteration, from 1, of the first hit */
	double low, high;        /* of hits / iterations: Wilson 95 % */
	/* Of a judged scenario: the grade of the line that describes it, and
	 * its sentence.  Means nothing for other subjects. */
	enum grade grade;
	const char *why;
};

/* A sample of the curves: how much was known after so many iterations. */
struct growth {
	uint64_t iterations, findings, outcomes;
};

/* One engine with one strategy and one number of threads. */
struct run {
	const char *engine; /* "stress", "explore" */
	const char
		*strategy; /* stress: "kernel", "noise-light", "noise-heavy" */
	unsigned threads;
	uint64_t iterations, duration_ms;
	uint64_t reports; /* all that ThreadSanitizer made, equal ones too */
	uint64_t dropped; /* reports or outcomes beyond a table's capacity */
	struct run_outcome *outcomes;
	size_t outcome_count;
	struct run_finding *findings;
	size_t finding_count;
	struct growth *growth;
	size_t growth_count;
	/* Iterations of a program in which ThreadSanitizer did not start. */
	uint64_t unwatched;
	const struct explored *explored; /* NULL: its engine is another */
};

/* What was tested. */
struct subject {
	const char *id; /* "counter/lost_update" */
	enum subject_type type;
	/* Of a scenario; NULL or 0 otherwise. */
	unsigned line;
	const char *file;
	const char *summary, *lesson, *in_python;
	const char *practice, *repairs;
	const char **refs;
	size_t ref_count;
	const char **tags;
	size_t tag_count;
	enum expect expect;
	struct expected_report *expected_reports;
	size_t expected_report_count;
	struct expected_outcome *expected_outcomes;
	size_t expected_outcome_count;
	/* What came of it. */
	enum verdict verdict;
	/* What the exit code is made from where a policy says otherwise than
	 * the verdict; VERDICT_NONE: it does not.  Not stored. */
	enum verdict counted_as;
	const char *why;     /* one sentence for the verdict */
	const char *trouble; /* why it would be an error, were a finding not a
				fact that goes before; NULL: it would not */
	const char **notes;  /* warnings: what a reader must know */
	size_t note_count;
	struct source *sources;
	size_t source_count;
	struct run *runs;
	size_t run_count;
};

/* A cause that the classifier thinks of, and why. */
struct candidate {
	const char *cause;     /* of cause_table */
	double confidence;     /* 0 to 1 */
	const char **evidence; /* sentences */
	size_t evidence_count;
};

/* Source lines around the place of one side's first own frame. */
struct excerpt {
	const char *file;
	unsigned first_line, line; /* line: the one that matters */
	const char **lines;
	size_t count;
};

/* All reports of one fingerprint. */
struct finding {
	const char *fingerprint; /* race: FINGERPRINT_HEX digits */
	const char *family;      /* the data, or the locks */
	const char **families;   /* all that were seen, sorted: one pair of
				    places may race on several data */
	size_t family_count;
	const char **exact; /* whole stacks, sorted */
	size_t exact_count;
	struct candidate *causes; /* best first; at least one */
	size_t cause_count;
	const char *practice; /* that repairs it; NULL: none is known */
	const char *shown_by; /* id of a scenario that shows the repair */
	const char *subject;  /* id of the subject it was first seen in */
	uint64_t count;       /* reports */
	/* 1 << kind of each report united here: what is freed while it is used
	 * is now a data race, now a use after free.  0: the report's alone. */
	uint64_t kinds;
	const struct report *report; /* the most complete one; its own paths
					relative */
	struct excerpt *excerpts;    /* one an access */
	const char *outcome;     /* "@deadlock", "lost": for KIND_DEADLOCK and
				    after; NULL for reports */
	const char *report_path; /* raw text, below the result's folder */
	/* What it did when explore was steered there (effect_name),
	 * in which numbers, and the first schedule that showed it; NULL: it
	 * was not, or did nothing bad. */
	const char *effect, *effect_why;
	const struct kept *effect_kept;
	/* Of explore, its first sight: the schedule as text, perhaps cut, and
	 * a trace of it; or NULL. */
	const char *schedule, *trace;
	const struct kept *kept;
	enum standing standing;
	const char *standing_why; /* one sentence; NULL for none */
};

struct result {
	struct arena arena;
	const char *tool_version;
	const char *command;
	const char *root; /* folder that relative paths start from, with a '/'
			     at its end; of this run, not stored */
	char started[32]; /* RFC 3339, UTC */
	uint64_t duration_ms;
	enum verdict verdict;
	enum exit_code exit;
	bool is_interrupted;
	const char **notes; /* of the whole campaign */
	size_t note_count;
	struct subject *subjects;
	size_t subject_count;
	struct finding *findings;
	size_t finding_count;
};

void result_stamp(struct result *result); /* started: now */
void result_release(struct result *result);
/* NULL when there is none. */
struct finding *result_finding(const struct result *result,
			       const char *fingerprint);
/* The run's count of that finding, made when there is none; the fingerprint is
 * kept as it is given. */
struct run_finding *run_finding_of(struct arena *arena, struct run *run,
				   const char *fingerprint);
/* Sets low and high, by its hits in so many iterations. */
void run_finding_bound(struct run_finding *finding, uint64_t iterations);
/* Did it show a report of ThreadSanitizer, and not outcomes alone? */
bool subject_has_report(const struct result *result,
			const struct subject *subject);
/* Shares nothing with it; NULL gives NULL. */
const struct kept *kept_copy(struct arena *arena, const struct kept *kept);
/* Was a report of that kind united in it? */
bool finding_has_kind(const struct finding *finding, enum kind kind);
void result_note(struct result *result, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void subject_note(struct result *result, struct subject *subject,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

const char *verdict_name(enum verdict verdict);
enum verdict verdict_by_name(const char *name); /* VERDICT_NONE: no such */
const char *standing_name(enum standing standing);
enum standing standing_by_name(const char *name); /* STANDING_NONE: no such */
const char *expect_name(enum expect expect);
const char *grade_name(enum grade grade);
const char *subject_type_name(enum subject_type type);

#endif
