#include "reports/phrase.h"

#include <string.h>

#include "base/stats.h"
#include "base/text.h"
#include "model/place.h"

enum { MOST_MUTEXES = 64, LAST_LINES = 12, MOST_ENDS = 4 };

bool phrase_has_scenarios(const struct result *result)
{
	for (size_t i = 0; i < result->subject_count; i++)
		if (result->subjects[i].type == SUBJECT_SCENARIO)
			return true;
	return !result->subject_count;
}

const char *phrase_exit(const struct result *result)
{
	switch (result->exit) {
	case EXIT_AS_EXPECTED:
		return result->verdict == VERDICT_KNOWN ? "nothing new"
		       : result->verdict == VERDICT_NEW ||
				       result->verdict == VERDICT_UNEXPECTED
			       ? "what was found does not fail"
		       : phrase_has_scenarios(result) ? "all as expected"
						      : "nothing was found";
	case EXIT_FINDING:
		return phrase_has_scenarios(result)
			       ? "not all is as expected"
			       : "something is new, or failed";
	case EXIT_USAGE:
		return "Snag was asked wrongly";
	case EXIT_INTERRUPTED:
		return "interrupted";
	default:
		return result->verdict == VERDICT_SKIPPED ||
				       !result->subject_count
			       ? "nothing was tested"
			       : "Snag or its environment failed";
	}
}

/* "3 scenarios: 2 as expected, 1 MISSED" */
const char *phrase_counts(struct arena *arena, const struct result *result)
{
	static const enum verdict order[] = {
		VERDICT_UNEXPECTED, VERDICT_MISSED,      VERDICT_NEW,
		VERDICT_FAILED,     VERDICT_ERROR,       VERDICT_KNOWN,
		VERDICT_CLEAN,      VERDICT_AS_EXPECTED, VERDICT_SKIPPED,
		VERDICT_NONE,
	};
	const char *line = "", *one = "scenario", *many = "scenarios";

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t n = 0;

		for (size_t j = 0; j < result->subject_count; j++)
			n += result->subjects[j].verdict == order[i];
		if (n)
			line = arena_printf(
				arena, "%s%s%s %s", line, *line ? ", " : ": ",
				stats_count(arena, n),
				order[i] == VERDICT_NONE ? "not judged"
				: order[i] == VERDICT_AS_EXPECTED
					? "as expected"
					: verdict_name(order[i]));
	}
	for (size_t i = 0; i < result->subject_count; i++)
		if (result->subjects[i].type != SUBJECT_SCENARIO) {
			one = "subject";
			many = "subjects";
		}
	return arena_printf(
		arena, "%s%s; %s",
		stats_plural(arena, result->subject_count, one, many), line,
		stats_plural(arena, result->finding_count, "finding",
			     "findings"));
}

const char *phrase_duration(struct arena *arena, uint64_t ms)
{
	if (ms < 1000)
		return arena_printf(arena, "%u ms", (unsigned)ms);
	return arena_printf(arena, "%llu.%llu s",
			    (unsigned long long)(ms / 1000),
			    (unsigned long long)(ms % 1000 / 100));
}

const char *phrase_confidence(double confidence)
{
	return confidence >= 0.9   ? "almost certainly"
	       : confidence >= 0.7 ? "very likely"
	       : confidence >= 0.5 ? "likely"
	       : confidence >= 0.3 ? "possibly"
				   : "perhaps";
}

/* "thread T1 'adder'", "the main thread" */
const char *phrase_thread(struct arena *arena, const struct report *report,
			  const char *id)
{
	const struct thread_info *thread = report_thread(report, id);

	if (!id)
		return "an unknown thread";
	if (!strcmp(id, "main"))
		return "the main thread";
	if (thread && thread->name)
		return arena_printf(arena, "thread %s '%s'", id, thread->name);
	return arena_printf(arena, "thread %s", id);
}

static const char *held_text(struct arena *arena, const struct access *access)
{
	const char *list = "";

	for (size_t i = 0; i < access->mutex_count && i < MOST_MUTEXES; i++)
		list = arena_printf(
			arena, "%s%s%s%s", list, i ? " and " : "",
			access->mutexes[i].id,
			access->mutexes[i].is_read ? " (for reading)" : "");
	return access->mutex_count ? list : "no mutex";
}

static const char *bytes_text(struct arena *arena, uint64_t n)
{
	return n ? arena_printf(arena, " of %s",
				stats_plural(arena, n, "byte", "bytes"))
		 : "";
}

const char *phrase_access(struct arena *arena, const struct report *report,
			  const struct access *access)
{
	const char *who = phrase_thread(arena, report, access->thread);

	switch (access->op) {
	case OP_LOCK:
		return arena_printf(
			arena, "%s takes %s while holding %s", who,
			access->acquired ? access->acquired : "a mutex",
			access->holding ? access->holding : "another");
	case OP_WAIT:
		return arena_printf(arena, "%s waits%s%s", who,
				    access->waits_for ? " for " : "",
				    access->waits_for ? access->waits_for : "");
	case OP_CALL:
	case OP_UNKNOWN:
		return arena_printf(arena, "in %s", who);
	default:
		return arena_printf(
			arena, "%s%s%s%s by %s, holding %s",
			access->is_previous ? "earlier " : "",
			access->is_atomic ? "atomic " : "",
			access->is_free ? "free" : op_name(access->op),
			access->is_free ? ""
					: bytes_text(arena, access->size_bytes),
			who, held_text(arena, access));
	}
}

const char *phrase_at(struct arena *arena, const struct stack *stack)
{
	const struct frame *frame = place_of_stack(stack);

	return place_is_own(frame)
		       ? arena_printf(arena, " in %s", place_text(arena, frame))
		       : "";
}

const char *phrase_location(struct arena *arena, const struct report *report,
			    const struct location *location)
{
	const char *name = location->name ? location->name : "?";
	const char *owner = phrase_thread(arena, report, location->thread);
	const char *size = bytes_text(arena, location->size_bytes);
	const char *at = phrase_at(arena, &location->stack);

	switch (location->type) {
	case LOCATION_GLOBAL:
		return location->file && location->line
			       ? arena_printf(arena,
					      "global '%s'%s, declared at "
					      "%s:%u",
					      name, size, location->file,
					      location->line)
			       : arena_printf(arena, "global '%s'%s", name,
					      size);
	case LOCATION_HEAP:
		return location->name
			       ? arena_printf(arena, "the scenario's %s%s",
					      location->name, size)
			       : arena_printf(arena,
					      "a heap block%s, allocated by "
					      "%s%s",
					      size, owner, at);
	case LOCATION_STACK:
		return arena_printf(arena, "the stack of %s", owner);
	case LOCATION_TLS:
		return arena_printf(arena, "thread-local data of %s", owner);
	case LOCATION_FD:
		return arena_printf(
			arena, "file descriptor %d, %s by %s%s", location->fd,
			location->fd_is_closed ? "closed" : "created", owner,
			at);
	case LOCATION_OBJECT:
		return arena_printf(arena,
				    "an object of type %s%s, made by "
				    "%s%s",
				    name, size, owner, at);
	default:
		return NULL;
	}
}

const char *phrase_line(struct arena *arena, const char *text, size_t most)
{
	size_t len = text ? strlen(text) : 0, end = most;
	char *copy, *clean;

	if (!len)
		return "";
	/* Made longer only by what is replaced, three bytes for one. */
	copy = arena_dup_n(arena, text, len < most + 4 ? len : most + 4);
	for (char *c = copy; *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	clean = text_clean(arena, copy, strlen(copy), false);
	if (strlen(clean) <= most)
		return clean;
	while (end && ((unsigned char)clean[end] & 0xc0) == 0x80)
		end--;
	clean[end] = '\0';
	return arena_printf(arena, "%s...", clean);
}

const char *phrase_finding(struct arena *arena, const struct finding *finding)
{
	const struct candidate *c =
		finding->cause_count ? &finding->causes[0] : NULL;
	char *text;

	if (c && !strcmp(c->cause, "unknown"))
		c = NULL;
	text = arena_printf(arena, "%s%s%s%s%s", place_finding(arena, finding),
			    c ? ", " : "",
			    c ? phrase_confidence(c->confidence) : "",
			    c ? " " : "", c ? c->cause : "");

	if (*text >= 'a' && *text <= 'z')
		*text = (char)(*text - 'a' + 'A');
	return text;
}

const char **phrase_last_lines(struct arena *arena, const char *words,
			       size_t *count)
{
	const char **lines = arena_alloc(arena, LAST_LINES * sizeof(*lines));
	const char *at;
	size_t n = 0;

	words = words ? words : "";
	at = words + strlen(words);
	while (at > words && n < LAST_LINES)
		n += *--at == '\n';
	at += *at == '\n';
	for (*count = 0; *at && *count < LAST_LINES; at += *at == '\n') {
		size_t len = strcspn(at, "\n");

		lines[(*count)++] = arena_dup_n(arena, at, len);
		at += len;
	}
	return lines;
}

/* "exit 7 in 2 of 5 runs, crash in 1 of 5 runs" */
static const char *ends_text(struct arena *arena, const struct run *run,
			     const char *text)
{
	size_t told = 0;

	for (size_t i = 0; i < run->outcome_count && told < MOST_ENDS; i++) {
		const struct run_outcome *o = &run->outcomes[i];

		if (!*o->name || !o->count)
			continue;
		text = arena_printf(
			arena, "%s%s%s in %s of %s", text, *text ? ", " : "",
			o->name, stats_count(arena, o->count),
			stats_plural(arena, run->iterations, "run", "runs"));
		told++;
	}
	return text;
}

const char *phrase_why(struct arena *arena, const struct subject *subject)
{
	const char *text = "";

	if (subject->why && *subject->why)
		return subject->why;
	if (subject->verdict == VERDICT_FAILED)
		for (size_t i = 0; i < subject->run_count && i < MOST_ENDS; i++)
			text = ends_text(arena, &subject->runs[i], text);
	return *text ? text : NULL;
}

const char *phrase_verdict(struct arena *arena, const struct subject *subject)
{
	const char *name = verdict_name(subject->verdict);
	const char *why = phrase_why(arena, subject);
	size_t len = strlen(name);

	if (!why)
		return name;
	if (!strncmp(why, name, len) && why[len] == ':')
		return why;
	return arena_printf(arena, "%s: %s", name, why);
}
