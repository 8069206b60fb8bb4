#include <string.h>

#include "base/stats.h"
#include "reports/text_parts.h"

enum { CELLS = 6, GAP = 2, SEEN = 3, SEEN_LEAST = 12, ID_MOST = 40 };

struct row {
	const char *cells[CELLS];
	enum style style;
	enum verdict verdict;
};

/* What a row says of a subject: the gravest thing that was seen. */
struct headline {
	const char *what; /* NULL: nothing */
	uint64_t hits;
	int gravity;
};

const char *text_verdict(const struct subject *subject)
{
	switch (subject->verdict) {
	case VERDICT_AS_EXPECTED:
		return subject->expect == EXPECT_BROKEN ||
				       subject->expect == EXPECT_BLIND
			       ? "broken, as expected"
			       : "clean, as expected";
	case VERDICT_UNEXPECTED:
		return "UNEXPECTED";
	case VERDICT_MISSED:
		return "MISSED";
	case VERDICT_NEW:
		return "NEW";
	case VERDICT_FAILED:
		return "FAILED";
	case VERDICT_ERROR:
		return "ERROR";
	case VERDICT_NONE:
		return "not judged";
	default:
		return verdict_name(subject->verdict);
	}
}

enum style text_verdict_style(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_AS_EXPECTED:
	case VERDICT_CLEAN:
		return STYLE_GOOD;
	case VERDICT_SKIPPED:
	case VERDICT_KNOWN:
		return STYLE_WARNING;
	default:
		return STYLE_BAD;
	}
}

/* "2,4,8 -> 45,000": each number of threads once, as they ran. */
static const char *threads_cell(struct arena *arena,
				const struct subject *subject)
{
	const char *list = "", *iterations;
	unsigned last = 0;
	size_t shown = 0;

	for (size_t i = 0; i < subject->run_count; i++) {
		unsigned threads = subject->runs[i].threads;
		bool is_shown = false;

		for (size_t j = 0; j < i && j < 64; j++)
			is_shown |= subject->runs[j].threads == threads;
		if (is_shown || !threads || threads == last || shown > 4)
			continue;
		list = shown == 4 ? arena_printf(arena, "%s..", list)
				  : arena_printf(arena, "%s%s%u", list,
						 shown ? "," : "", threads);
		last = threads;
		shown++;
	}
	iterations = stats_count(arena, text_iterations(subject));
	if (!subject->run_count)
		return "-";
	return shown ? arena_printf(arena, "%s -> %s", list, iterations)
		     : iterations;
}

static void consider(struct headline *headline, const char *what, uint64_t hits,
		     int gravity)
{
	if (gravity < 0 || gravity < headline->gravity ||
	    (gravity == headline->gravity && hits <= headline->hits))
		return;
	*headline = (struct headline){what, hits, gravity};
}

/* -1: no headline.  That a clean scenario does its work is none. */
static int gravity_of(const struct subject *subject, enum grade grade)
{
	if (subject->type != SUBJECT_SCENARIO)
		return 2;
	if (grade == GRADE_REQUIRED && subject->expect == EXPECT_CLEAN)
		return -1;
	return grade == GRADE_FORBIDDEN  ? 3
	       : grade == GRADE_REQUIRED ? 2
	       : grade == GRADE_ALLOWED  ? 1
					 : 0;
}

/* Short enough for a column; all others have short names anyway. */
static const char *short_name(enum kind kind)
{
	switch (kind) {
	case KIND_USE_AFTER_FREE:
	case KIND_VPTR_USE_AFTER_FREE:
		return "freed memory";
	case KIND_LOCK_INVERSION:
		return "lock order";
	case KIND_SIGNAL_UNSAFE:
	case KIND_SIGNAL_ERRNO:
		return "signal";
	case KIND_MUTEX_DESTROY_LOCKED:
	case KIND_MUTEX_DOUBLE_LOCK:
	case KIND_MUTEX_INVALID:
	case KIND_MUTEX_BAD_UNLOCK:
	case KIND_RWLOCK_BAD_LOCK:
	case KIND_RWLOCK_BAD_UNLOCK:
	case KIND_MUTEX_WRONG_CONTEXT:
		return "mutex misuse";
	default:
		return kind_name(kind);
	}
}

static const char *kind_of(const struct sight *sight)
{
	const struct report *report =
		sight->finding ? sight->finding->report : NULL;

	if (sight->finding && sight->finding->outcome)
		return sight->finding->outcome;
	if (!report)
		return "a finding";
	return report->kind == KIND_UNKNOWN && report->kind_text
		       ? report->kind_text
		       : short_name(report->kind);
}

/* A program that crashed, hung or deadlocked: that comes before a race. */
static int is_end(const struct subject *subject, const struct sight *sight)
{
	return subject->type != SUBJECT_SCENARIO && sight->finding &&
	       sight->finding->outcome;
}

static struct headline headline_of(struct text *text,
				   const struct subject *subject)
{
	struct headline headline = {.gravity = -1};
	size_t count;
	const struct sight *sights = sights_of(&text->sights, subject, &count);

	for (size_t i = 0; i < count; i++)
		consider(&headline, kind_of(&sights[i]),
			 sights[i].hits ? sights[i].hits : 1,
			 gravity_of(subject, sights[i].grade) +
				 is_end(subject, &sights[i]) -
				 text_is_known(&sights[i]));
	for (size_t i = 0; i < subject->run_count; i++)
		for (size_t j = 0; j < subject->runs[i].outcome_count; j++) {
			const struct run_outcome *o =
				&subject->runs[i].outcomes[j];

			/* What may be seen is no headline. */
			if (o->count && (o->grade == GRADE_FORBIDDEN ||
					 o->grade == GRADE_REQUIRED))
				consider(&headline, *o->name ? o->name : "\"\"",
					 o->count,
					 gravity_of(subject, o->grade));
		}
	return headline;
}

/* Outcomes of one name, or hits of one kind, over all runs. */
static uint64_t hits_of(const struct subject *subject,
			const struct headline *headline)
{
	uint64_t n = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		for (size_t j = 0; j < subject->runs[i].outcome_count; j++)
			if (!strcmp(subject->runs[i].outcomes[j].name,
				    headline->what))
				n += subject->runs[i].outcomes[j].count;
	return n ? n : headline->hits;
}

/* The unit stands in the head. */
static const char *rate_cell(struct arena *arena, uint64_t hits,
			     uint64_t iterations)
{
	const char *range =
		stats_range(arena, stats_interval(hits, iterations));
	const char *unit = strstr(range, " %");

	return arena_dup_n(arena, range,
			   unit ? (size_t)(unit - range) : strlen(range));
}

static struct row row_of(struct text *text, const struct subject *subject)
{
	struct arena *arena = &text->arena;
	struct headline headline = headline_of(text, subject);
	uint64_t iterations = text_iterations(subject), hits = 0;
	struct row row = {.style = text_verdict_style(subject->verdict),
			  .verdict = subject->verdict};

	if (headline.what)
		hits = hits_of(subject, &headline);
	row.cells[0] = subject->id;
	row.cells[1] = subject->type == SUBJECT_SCENARIO
			       ? expect_name(subject->expect)
			       : subject_type_name(subject->type);
	row.cells[2] = threads_cell(arena, subject);
	row.cells[3] = headline.what ? headline.what
		       : iterations  ? "nothing"
				     : "-";
	/* Of nothing that was tested, nothing is excluded. */
	row.cells[4] = iterations && (headline.what ||
				      subject->verdict != VERDICT_ERROR)
			       ? rate_cell(arena, hits, iterations)
			       : "-";
	row.cells[5] = text_verdict(subject);
	return row;
}

static void print_row(struct sheet *sheet, const struct row *row,
		      const unsigned *widths, enum style style)
{
	for (int i = 0; i < CELLS - 1; i++) {
		sheet_cell(sheet, style, row->cells[i], widths[i]);
		fprintf(sheet->file, "%*s", GAP, "");
	}
	sheet_put(sheet, row->style, "%s", row->cells[CELLS - 1]);
	sheet_newline(sheet);
}

/* The column of what was seen gives way when the row is too long. */
static void measure(struct sheet *sheet, const struct row *rows, size_t count,
		    unsigned *widths)
{
	unsigned total = 0;

	for (int i = 0; i < CELLS; i++) {
		for (size_t j = 0; j < count; j++) {
			unsigned width = sheet_width(
				sheet_safe(sheet, rows[j].cells[i]));

			widths[i] = width > widths[i] ? width : widths[i];
		}
		if (i == 0 && widths[i] > ID_MOST)
			widths[i] = ID_MOST;
		total += widths[i] + (i ? GAP : 0);
	}
	while (total > SHEET_TABLE_COLUMNS && widths[SEEN] > SEEN_LEAST) {
		widths[SEEN]--;
		total--;
	}
	arena_release(&sheet->arena);
}

void text_table(struct text *text)
{
	static const struct row head = {.cells = {"scenario", "expect",
						  "threads -> iter.", "seen",
						  "rate, %", "verdict"},
					.style = STYLE_STRONG};
	const struct result *result = text->result;
	unsigned widths[CELLS] = {0};
	size_t count = result->subject_count + 1;
	struct row *rows = arena_alloc(&text->arena, count * sizeof(*rows));

	rows[0] = head;
	for (size_t i = 0; i < result->subject_count; i++)
		rows[i + 1] = row_of(text, &result->subjects[i]);
	if (!phrase_has_scenarios(result)) {
		rows[0].cells[0] = "subject";
		rows[0].cells[1] = "type";
		rows[0].cells[2] = "runs";
	}
	measure(text->sheet, rows, count, widths);
	for (size_t i = 0; i < count; i++)
		print_row(text->sheet, &rows[i], widths,
			  i ? STYLE_PLAIN : STYLE_STRONG);
}
