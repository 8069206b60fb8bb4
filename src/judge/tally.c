#include "judge/tally.h"

#include <string.h>

#include "model/place.h"

/* What one pass over the runs needs at hand. */
struct pass {
	struct result *result;
	struct subject *subject;
	struct arena *arena;
	struct tally *tally;
	struct run *run;
	unsigned engine;
};

static const char *outcome_text(struct arena *arena, const char *name)
{
	if (name[0] == '@')
		return arena_printf(arena, "outcome %s", name);
	return arena_printf(arena, "outcome \"%s\"", name);
}

static const char *line_text(struct arena *arena,
			     const struct expected_report *line)
{
	const char *kind = kind_name(line->kind);
	const char *a = line->between[0], *b = line->between[1];

	if (a && b && kind_is_race(line->kind))
		return arena_printf(arena, "%s between %s and %s", kind, a, b);
	if (a && b)
		return arena_printf(arena, "%s of %s and %s", kind, a, b);
	if (a || b)
		return arena_printf(arena, "%s in %s", kind, a ? a : b);
	return kind;
}

/* The one of that text, made when there is none. */
static struct sighting *sighting_of(struct arena *arena, struct sighting **all,
				    size_t *count, const char *what)
{
	struct sighting *one;

	for (size_t i = 0; i < *count; i++)
		if (!strcmp((*all)[i].what, what))
			return &(*all)[i];
	one = arena_push(arena, all, count, sizeof(**all));
	one->what = what;
	return one;
}

static void add_forbidden(struct pass *p, const char *what, const char *why,
			  uint64_t hits, const struct finding *finding)
{
	struct sighting *one = sighting_of(p->arena, &p->tally->forbidden,
					   &p->tally->forbidden_count, what);

	one->why = why;
	one->hits += hits;
	one->finding = finding;
}

static void grade_outcomes(struct pass *p)
{
	for (size_t i = 0; i < p->run->outcome_count; i++) {
		struct run_outcome *outcome = &p->run->outcomes[i];
		struct match m =
			match_outcome(p->subject, outcome->name, p->engine);

		outcome->grade = m.grade;
		outcome->why = m.why;
		if (m.grade == GRADE_FORBIDDEN && outcome->count)
			add_forbidden(p, outcome_text(p->arena, outcome->name),
				      m.why, outcome->count, NULL);
	}
}

static bool has_outcome(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->outcome_count; i++)
		if (run->outcomes[i].count &&
		    !strcmp(run->outcomes[i].name, name))
			return true;
	return false;
}

/* One that comes of an outcome is judged with it; counted only when the
 * outcome itself is not. */
static struct match grade_outcome_finding(struct pass *p,
					  const struct run_finding *seen,
					  const struct finding *finding,
					  const char *name)
{
	struct match m = match_outcome(p->subject, name, p->engine);

	if (m.grade == GRADE_FORBIDDEN && !has_outcome(p->run, name))
		add_forbidden(p, outcome_text(p->arena, name), m.why,
			      seen->hits, finding);
	return m;
}

static struct match grade_report(struct pass *p, const struct run_finding *seen,
				 const struct finding *finding)
{
	struct match m = match_report(p->subject, finding, p->engine);
	const char *what = place_finding(p->arena, finding);

	p->tally->report_findings++;
	if (finding->report && finding->report->kind == KIND_TSAN_FATAL) {
		p->tally->trouble = "ThreadSanitizer itself failed";
		m.grade = GRADE_NONE;
	} else if (p->subject->expect == EXPECT_BLIND && !m.report) {
		sighting_of(p->arena, &p->tally->news, &p->tally->news_count,
			    what)
			->hits += seen->hits;
		m.grade = GRADE_ALLOWED;
		m.why = "ThreadSanitizer was believed not to see it";
	} else if (m.grade == GRADE_FORBIDDEN) {
		add_forbidden(p, what, m.why, seen->hits, finding);
	} else {
		p->tally->other_findings++;
	}
	return m;
}

static void grade_findings(struct pass *p)
{
	for (size_t i = 0; i < p->run->finding_count; i++) {
		struct run_finding *seen = &p->run->findings[i];
		const struct finding *finding =
			result_finding(p->result, seen->fingerprint);
		const char *name;
		struct match m;

		run_finding_bound(seen, p->run->iterations);
		if (!finding) {
			p->tally->trouble = arena_printf(
				p->arena, "finding %s is not in the result",
				seen->fingerprint);
			continue;
		}
		name = match_outcome_name(finding);
		m = name ? grade_outcome_finding(p, seen, finding, name)
			 : grade_report(p, seen, finding);
		seen->grade = m.grade;
		seen->why = m.why;
	}
}

static bool holds_for(const struct run *run, unsigned engines)
{
	return run->iterations &&
	       (!engines || (engines & match_engine(run->engine)));
}

/* Two findings may share iterations: the greater of them is what is sure. */
static void count_report(const struct result *result, const struct run *run,
			 const struct expected_report *line,
			 struct sighting *one)
{
	uint64_t most = 0;
	size_t matching = 0;

	for (size_t i = 0; i < run->finding_count; i++) {
		const struct run_finding *seen = &run->findings[i];
		const struct finding *finding =
			result_finding(result, seen->fingerprint);

		if (!finding || !seen->hits || !match_rank(line, finding))
			continue;
		matching++;
		most = seen->hits > most ? seen->hits : most;
		one->finding = finding;
	}
	one->hits += most;
	one->is_at_least |= matching > 1;
}

static void count_outcome(const struct subject *subject, const struct run *run,
			  const struct expected_outcome *line,
			  struct sighting *one)
{
	for (size_t i = 0; i < run->outcome_count; i++) {
		const struct run_outcome *seen = &run->outcomes[i];

		if (match_outcome(subject, seen->name,
				  match_engine(run->engine))
			    .outcome == line)
			one->hits += seen->count;
	}
}

/* NULL: the line holds for none of what ran. */
static struct sighting *add_required(struct pass *p, unsigned engines,
				     const char *what, const char *why)
{
	struct sighting *one;
	uint64_t iterations = 0;

	for (size_t i = 0; i < p->subject->run_count; i++)
		if (holds_for(&p->subject->runs[i], engines))
			iterations += p->subject->runs[i].iterations;
	if (!iterations) {
		p->tally->required_elsewhere++;
		return NULL;
	}
	one = arena_push(p->arena, &p->tally->required,
			 &p->tally->required_count, sizeof(*one));
	*one = (struct sighting){
		.what = what, .why = why, .iterations = iterations};
	return one;
}

static void require_reports(struct pass *p)
{
	for (size_t i = 0; i < p->subject->expected_report_count; i++) {
		const struct expected_report *line =
			&p->subject->expected_reports[i];
		struct sighting *one;

		if (line->grade != GRADE_REQUIRED)
			continue;
		one = add_required(p, line->engines, line_text(p->arena, line),
				   line->why);
		for (size_t j = 0; one && j < p->subject->run_count; j++)
			if (holds_for(&p->subject->runs[j], line->engines))
				count_report(p->result, &p->subject->runs[j],
					     line, one);
	}
}

static void require_outcomes(struct pass *p)
{
	for (size_t i = 0; i < p->subject->expected_outcome_count; i++) {
		const struct expected_outcome *line =
			&p->subject->expected_outcomes[i];
		struct sighting *one;

		if (line->grade != GRADE_REQUIRED)
			continue;
		one = add_required(p, line->engines,
				   outcome_text(p->arena, line->when),
				   line->why);
		for (size_t j = 0; one && j < p->subject->run_count; j++)
			if (holds_for(&p->subject->runs[j], line->engines))
				count_outcome(p->subject, &p->subject->runs[j],
					      line, one);
	}
}

static void add_run(struct tally *tally, const struct run *run, unsigned engine)
{
	tally->iterations += run->iterations;
	tally->reports += run->reports;
	tally->dropped += run->dropped;
	if (engine == ENGINE_EXPLORE) {
		tally->has_explore = true;
		tally->explored += run->iterations;
		if (run->explored && run->explored->is_exhausted)
			tally->exhausted += run->iterations;
	}
}

struct tally tally_of(struct result *result, struct subject *subject)
{
	struct tally tally = {0};
	struct pass p = {result, subject, &result->arena, &tally, NULL, 0};

	for (size_t i = 0; i < subject->run_count; i++) {
		p.run = &subject->runs[i];
		p.engine = match_engine(p.run->engine);
		add_run(&tally, p.run, p.engine);
		grade_outcomes(&p);
		grade_findings(&p);
	}
	for (size_t i = 0; i < tally.forbidden_count; i++)
		tally.forbidden[i].iterations = tally.iterations;
	for (size_t i = 0; i < tally.news_count; i++)
		tally.news[i].iterations = tally.iterations;
	require_reports(&p);
	require_outcomes(&p);
	return tally;
}
