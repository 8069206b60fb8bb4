#include "reports/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "reports/phrase.h"

/* A crash, a wrong outcome: an end of the program, and not a report alone. */
static bool is_end(const struct finding *finding)
{
	return finding->outcome ||
	       (finding->report &&
		kind_table[finding->report->kind].outcome != NULL);
}

/* What fails a verdict is what no policy has forgiven; of that the result
 * keeps the verdict and the exit code. */
bool sight_fails(const struct result *result, const struct subject *subject,
		 const struct sight *sight)
{
	const struct finding *finding = sight->finding;

	if (!finding || finding->standing == STANDING_KNOWN ||
	    result->exit == EXIT_AS_EXPECTED)
		return false;
	switch (subject->verdict) {
	case VERDICT_KNOWN:
	case VERDICT_CLEAN:
	case VERDICT_ERROR:
		return false;
	case VERDICT_FAILED:
		return is_end(finding);
	default:
		return subject->type != SUBJECT_SCENARIO ||
		       sight->grade == GRADE_FORBIDDEN;
	}
}

static enum severity severity_of(const struct finding *finding)
{
	static const enum kind critical[] = {
		KIND_USE_AFTER_FREE, KIND_VPTR_USE_AFTER_FREE,
		KIND_DEADLY_SIGNAL,  KIND_DEADLOCK,
		KIND_HANG,           KIND_CRASH,
		KIND_ABORT,          KIND_FREED_USE,
		KIND_DOUBLE_FREE,    KIND_INVALID_FREE,
		KIND_OUT_OF_BOUNDS,  KIND_LIVELOCK,
	};

	for (size_t i = 0; i < sizeof(critical) / sizeof(critical[0]); i++)
		if (finding_has_kind(finding, critical[i]))
			return SEVERITY_CRITICAL;
	return SEVERITY_MAJOR;
}

static void add_sight(const struct result *result, struct entry *entry,
		      const struct subject *subject, const struct sight *sight)
{
	bool fails = sight_fails(result, subject, sight);

	entry->hits += sight->hits;
	entry->iterations += sight->iterations;
	entry->subject_count++;
	if (entry->subject && (entry->fails || !fails))
		return;
	entry->subject = subject;
	entry->fails = fails;
	entry->grade = sight->grade;
	entry->why = sight->why;
}

static bool is_bad(enum verdict verdict)
{
	return verdict == VERDICT_UNEXPECTED || verdict == VERDICT_MISSED ||
	       verdict == VERDICT_NEW || verdict == VERDICT_FAILED ||
	       verdict == VERDICT_ERROR;
}

/* Its findings into their entries; says whether one of them fails. */
static bool add_sights(struct ledger *ledger, const struct subject *subject)
{
	size_t count;
	const struct sight *sights =
		sights_of(&ledger->sights, subject, &count);
	bool has_failing = false;

	for (size_t i = 0; i < count; i++) {
		if (!sights[i].finding)
			continue;
		has_failing |= sight_fails(ledger->result, subject, &sights[i]);
		add_sight(ledger->result,
			  &ledger->entries[sights[i].finding -
					   ledger->result->findings],
			  subject, &sights[i]);
	}
	return has_failing;
}

static void add_subject(struct ledger *ledger, const struct subject *subject)
{
	bool has_failing = add_sights(ledger, subject);
	struct entry *entry;

	if (!is_bad(subject->verdict) ||
	    ledger->result->exit == EXIT_AS_EXPECTED)
		return;
	if (has_failing && subject->verdict != VERDICT_MISSED &&
	    subject->verdict != VERDICT_ERROR)
		return;
	entry = &ledger->entries[ledger->count++];
	*entry = (struct entry){
		.subject = subject,
		.is_error = subject->verdict == VERDICT_ERROR,
		.fails = subject->verdict != VERDICT_ERROR,
		.severity = SEVERITY_MAJOR,
		.grade = GRADE_NONE,
		.why = phrase_why(&ledger->sights.arena, subject),
	};
}

static int rank(const struct entry *entry)
{
	enum standing standing =
		entry->finding ? entry->finding->standing : STANDING_NONE;

	if (entry->fails)
		return standing == STANDING_NEW ? 0 : entry->finding ? 1 : 2;
	if (entry->is_error)
		return 3;
	return standing == STANDING_KNOWN ? 5 : 4;
}

static int by_importance(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = rank(x) - rank(y);

	if (!order)
		order = (int)y->severity - (int)x->severity;
	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* A finding that no subject of the result saw has only the baseline to speak
 * for it. */
static void settle(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++) {
		struct entry *entry = &ledger->entries[i];
		bool is_known = entry->finding &&
				entry->finding->standing == STANDING_KNOWN;

		if (!entry->subject)
			entry->fails = !is_known &&
				       ledger->result->exit != EXIT_AS_EXPECTED;
		entry->order = i;
		ledger->failing += entry->fails;
		ledger->errors += entry->is_error;
		ledger->known += is_known;
	}
	if (ledger->count)
		qsort(ledger->entries, ledger->count, sizeof(*ledger->entries),
		      by_importance);
}

struct ledger ledger_begin(const struct result *result)
{
	struct ledger ledger = {.result = result,
				.sights = sights_begin(result),
				.count = result->finding_count};
	size_t most = result->finding_count + result->subject_count;

	ledger.entries = arena_alloc(&ledger.sights.arena,
				     most * sizeof(*ledger.entries));
	for (size_t i = 0; i < result->finding_count; i++) {
		ledger.entries[i].finding = &result->findings[i];
		ledger.entries[i].severity = severity_of(&result->findings[i]);
		ledger.entries[i].grade = GRADE_NONE;
	}
	for (size_t i = 0; i < result->subject_count; i++)
		add_subject(&ledger, &result->subjects[i]);
	settle(&ledger);
	return ledger;
}

void ledger_end(struct ledger *ledger)
{
	sights_end(&ledger->sights);
}

const char *entry_sentence(struct arena *arena, const struct entry *entry)
{
	const char *effect =
		entry->finding ? phrase_effect(arena, entry->finding) : NULL;

	if (entry->finding)
		return arena_printf(arena, "%s%s%s",
				    phrase_finding(arena, entry->finding),
				    effect ? "; " : "", effect ? effect : "");
	return arena_printf(arena, "%s: %s", entry->subject->id,
			    phrase_verdict(arena, entry->subject));
}

const char *entry_rule(const struct entry *entry)
{
	if (!entry->finding)
		return verdict_name(entry->subject->verdict);
	return entry->finding->cause_count ? entry->finding->causes[0].cause
					   : "unknown";
}
