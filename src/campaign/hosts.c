#include "campaign/hosts.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/proc.h"
#include "base/text.h"
#include "model/cause.h"

enum { LIST_WAIT_MS = 20000, MAX_SCENARIOS = 10000, MAX_PROCESSES = 4096 };

static bool says_nonsense(const char *path, struct err *err)
{
	return err_set(err, EXIT_TROUBLE,
		       "host '%s' did not describe its scenarios: it ended, "
		       "hung or broke the wire's rules",
		       path);
}

/* True: the list is complete. */
static bool take_record(uint32_t type, struct snag_payload *payload,
			struct result *result, struct scenario_facts **facts,
			size_t *fact_count, bool *is_bad)
{
	struct subject *subject;
	struct scenario_facts *fact;

	if (type == SNAG_RECORD_LIST_END)
		return true;
	if (type != SNAG_RECORD_SCENARIO ||
	    result->subject_count >= MAX_SCENARIOS) {
		*is_bad = true;
		return false;
	}
	subject = arena_push(&result->arena, &result->subjects,
			     &result->subject_count, sizeof(*subject));
	fact = arena_push(&result->arena, facts, fact_count, sizeof(*fact));
	fact->index = (uint32_t)(*fact_count - 1);
	if (!describe_read(payload, &result->arena, subject, fact))
		*is_bad = true;
	return false;
}

/* A cause that does not exist can never be given. */
static bool check_cause(const struct subject *s, const char *cause,
			struct err *err)
{
	const char *near = NULL;

	if (!cause || cause_by_name(cause))
		return true;
	for (size_t i = 0; !near && i < cause_count; i++)
		near = text_nearest(cause, &cause_table[i].name, 1);
	return err_set(err, EXIT_USAGE,
		       "%s:%u: scenario %s names the cause '%.60s', which "
		       "does not exist%s%s%s (`snag explain` lists them)",
		       s->file, s->line, s->id, cause,
		       near ? "; did you mean '" : "", near ? near : "",
		       near ? "'?" : "");
}

static bool check_causes(const struct subject *s, struct err *err)
{
	for (size_t i = 0; i < s->expected_report_count; i++)
		if (!check_cause(s, s->expected_reports[i].cause, err))
			return false;
	for (size_t i = 0; i < s->expected_outcome_count; i++)
		if (!check_cause(s, s->expected_outcomes[i].cause, err))
			return false;
	return true;
}

static bool check_list(const char *path, const struct result *result,
		       const struct scenario_facts *facts, struct err *err)
{
	if (!result->subject_count)
		return err_set(err, EXIT_TROUBLE,
			       "host '%s' has no scenarios: objects with "
			       "SNAG_SCENARIO must be linked directly, not "
			       "from a static library",
			       path);
	for (size_t i = 0; i < result->subject_count; i++) {
		if (facts[i].problem)
			return err_set(err, EXIT_USAGE, "%s", facts[i].problem);
		if (!facts[i].is_instrumented)
			return err_set(err, EXIT_USAGE,
				       "%s:%u: scenario %s is not "
				       "instrumented: compile its file with "
				       "clang -fsanitize=thread",
				       result->subjects[i].file,
				       result->subjects[i].line,
				       result->subjects[i].id);
		if (!check_causes(&result->subjects[i], err))
			return false;
	}
	return true;
}

bool hosts_describe(struct worker *worker, const char *host_path,
		    struct result *result, struct scenario_facts **facts,
		    struct err *err)
{
	uint64_t deadline_ms = clock_ms() + LIST_WAIT_MS;
	struct pollfd p = {.fd = worker->channel.fd, .events = POLLIN};
	struct snag_payload payload;
	size_t fact_count = 0;
	bool is_bad = false, is_done = false;
	uint32_t type;

	if (!channel_send(&worker->channel, SNAG_RECORD_LIST, NULL))
		return says_nonsense(host_path, err);
	while (!is_done && !is_bad && clock_ms() < deadline_ms) {
		enum received got =
			channel_receive(&worker->channel, &type, &payload);

		worker_drain_output(worker);
		if (got == RECEIVED_NOTHING)
			poll(&p, 1, 100);
		else if (got == RECEIVED_RECORD)
			is_done = take_record(type, &payload, result, facts,
					      &fact_count, &is_bad);
		else
			is_bad = true;
	}
	if (!is_done)
		return says_nonsense(host_path, err);
	return check_list(host_path, result, *facts, err);
}

static bool is_ours_to_end(const struct campaign *c, pid_t pid)
{
	for (unsigned i = 0; i < c->worker_count; i++)
		if (c->workers[i].host == pid)
			return false;
	for (size_t i = 0; i < c->spared_count; i++)
		if (c->spared[i] == pid)
			return false;
	return proc_parent(pid) == getpid();
}

void hosts_end_orphans(const struct campaign *c)
{
	pid_t pids[MAX_PROCESSES];
	size_t n = proc_tree(getpid(), pids, MAX_PROCESSES);

	for (size_t i = 0; i < n; i++) {
		pid_t rest[MAX_PROCESSES];
		size_t m;

		if (!is_ours_to_end(c, pids[i]))
			continue;
		m = proc_tree(pids[i], rest, MAX_PROCESSES);
		kill(pids[i], SIGKILL);
		for (size_t j = 0; j < m; j++)
			kill(rest[j], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}
