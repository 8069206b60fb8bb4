#include "cmd/replay_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/command.h"
#include "model/json_put.h"
#include "model/schedule_json.h"
#include "reports/phrase.h"
#include "reports/trace.h"

enum { TEXT_BYTES = 4000, COLUMNS = 80, MOST_COLUMNS = 200 };

bool replay_options_take(int key, char *value, struct replay_options *options,
			 bool *is_good, struct err *err)
{
	static const char *const when[] = {"auto", "always", "never", NULL};

	switch (key) {
	case REPLAY_HOST:
		options->host = value;
		return true;
	case 'o':
		options->output = value;
		return true;
	case REPLAY_COLOR:
		options->color = value;
		*is_good = value_choice("--color", value, when, err);
		return true;
	default:
		return false;
	}
}

bool replay_load(const char *path, const struct replay_options *options,
		 struct arena *arena, struct schedule *schedule,
		 struct err *err)
{
	char *host;

	if (!schedule_file_read(path, arena, schedule, err))
		return false;
	host = command_host(options->host ? options->host : schedule->host,
			    err);
	if (!host)
		return false;
	schedule->host = arena_dup(arena, host);
	free(host);
	return true;
}

bool replay_is_same_build(struct arena *arena, const struct schedule *s)
{
	const char *build = rerun_build(arena, s->host);

	if (!s->build || !build || !strcmp(s->build, build))
		return true;
	command_warn(arena_printf(arena,
				  "'%s' is another build than the schedule's: "
				  "it is followed by its places in the source, "
				  "as far as it fits",
				  s->host));
	return false;
}

/* Where each turn begins. */
static void set_places(struct schedule_turn *turns, size_t count,
		       const struct trace *trace)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t steps = 0;

		for (; at < trace->event_count && steps < turns[i].steps;
		     at++) {
			const struct trace_event *e = &trace->events[at];

			if (e->is_blocked)
				continue;
			if (!steps++) {
				turns[i].file = e->file;
				turns[i].line = e->line;
				turns[i].function = e->function;
				turns[i].source = e->source;
			}
		}
	}
}

struct schedule replay_schedule(struct arena *arena, const struct schedule *s,
				const struct rerun_seen *seen,
				const struct trace *trace)
{
	struct schedule new = *s;

	new.tool_version = SNAG_VERSION;
	new.build = rerun_build(arena, s->host);
	new.trace_hash = seen->trace_hash;
	new.is_cut = seen->is_cut;
	new.turn_count = seen->turn_count;
	new.turns =
		arena_alloc(arena, (seen->turn_count + 1) * sizeof(*new.turns));
	memcpy(new.turns, seen->turns, seen->turn_count * sizeof(*new.turns));
	if (trace)
		set_places(new.turns, new.turn_count, trace);
	if (new.fingerprint || new.outcome)
		return new;
	if (seen->fingerprint_count)
		new.fingerprint = arena_dup(arena, seen->fingerprints[0]);
	else
		new.outcome = arena_dup(arena, seen->outcome);
	return new;
}

const char *replay_line(struct arena *arena, const char *text)
{
	return phrase_line(arena, text, 64);
}

void replay_print_seen(const struct rerun *rerun, const struct rerun_seen *seen,
		       bool is_outcome_known)
{
	struct arena arena = {0};

	if (!is_outcome_known && !seen->outcome)
		puts("It did not end.");
	else if (!is_outcome_known && *seen->outcome)
		printf("Outcome: %s\n", replay_line(&arena, seen->outcome));
	for (size_t i = 0; i < seen->fingerprint_count; i++) {
		const struct finding *f =
			rerun_finding(rerun, seen->fingerprints[i]);

		if (f)
			printf("Finding: %s (%.12s)\n",
			       phrase_finding(&arena, f), f->fingerprint);
	}
	if (!seen->fingerprint_count)
		puts("No finding.");
	arena_release(&arena);
}

void replay_print_json(const struct rerun *rerun, const struct schedule *ran,
		       const struct rerun_seen *seen, bool is_shown)
{
	struct arena arena = {0};
	json_t *root, *object;

	(void)rerun;
	json_prepare();
	root = json_object();
	object = json_object();
	put_text(&arena, root, "format", "snag-replay");
	put_count(root, "version", 1);
	json_object_set_new(root, "schedule", schedule_to_json(&arena, ran));
	put_text(&arena, object, "outcome", seen->outcome);
	put_texts(&arena, object, "fingerprints", seen->fingerprints,
		  seen->fingerprint_count);
	put_count(object, "steps", seen->steps);
	put_count(object, "preemptions", seen->preemptions);
	put_hex(object, "trace_hash", seen->trace_hash);
	put_count_if(object, "left_at", seen->left_at);
	json_object_set_new(root, "seen", object);
	put_flag(root, "is_same", is_shown);
	json_dumpf(root, stdout, JSON_WRITE_FLAGS);
	putchar('\n');
	json_decref(root);
	arena_release(&arena);
}

static unsigned terminal_columns(void)
{
	struct winsize size = {0};

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ||
	    size.ws_col < COLUMNS)
		return COLUMNS;
	return size.ws_col < MOST_COLUMNS ? size.ws_col : MOST_COLUMNS;
}

void replay_print_trace(const struct trace *trace, const char *subject,
			const struct rerun_seen *seen, const char *color)
{
	struct arena arena = {0};
	const struct trace_view view = {
		.columns = terminal_columns(),
		.is_colored = value_color(color, stdout),
		.title = arena_printf(
			&arena,
			"%s, %" PRIu64 " steps, %zu switches, "
			"%" PRIu64 " of them preemptions",
			subject, seen->steps,
			schedule_switches(seen->turns, seen->turn_count),
			seen->preemptions),
		.outcome = seen->outcome,
	};

	render_trace(trace, &view, stdout);
	arena_release(&arena);
}

const char *replay_text(struct arena *arena, const struct schedule_turn *turns,
			size_t count)
{
	struct buf buf;
	const char *text;

	buf_init(&buf, TEXT_BYTES);
	schedule_print(turns, count, &buf);
	text = arena_printf(arena, "%s%s", buf.data, buf.is_cut ? " ..." : "");
	buf_release(&buf);
	return text;
}
