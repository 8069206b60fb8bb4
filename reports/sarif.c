/*
 * SARIF 2.1.0 within what GitHub's code scanning takes.  Results are written
 * one by one, for there may be tens of thousands; what was left out is known
 * after them, so the invocation comes last.
 */
#include "base/stats.h"
#include "base/text.h"
#include "model/json_put.h"
#include "reports/json_stream.h"
#include "reports/phrase.h"
#include "reports/renderer.h"
#include "reports/sarif_parts.h"
#include "reports/stamp.h"

/* What GitHub takes: so many results a run, and so many bytes, packed by gzip,
 * of which some are kept for what comes after the results. */
enum {
	MOST_RESULTS = 25000,
	MOST_PACKED = 10 * 1000 * 1000,
	LAST_PACKED = 300 * 1000,
	MOST_NOTIFICATIONS = 200,
	MOST_NOTE = 1000,
	MOST_MISFITS = 100,
	ROOT_DEPTH = 3,
	RESULT_DEPTH = 4,
};

static json_t *driver(struct arena *arena, struct sarif *sarif)
{
	json_t *object = json_object();

	put_text(arena, object, "name", "snag");
	put_text(arena, object, "version",
		 phrase_line(arena, sarif->result->tool_version, 64));
	json_object_set_new(
		object, "shortDescription",
		sarif_message(arena,
			      "Stress-tests C code that uses pthreads for data "
			      "races, deadlocks and wrong results."));
	json_object_set_new(object, "rules", sarif_rules(arena, sarif));
	return json_pack("{s:o}", "driver", object);
}

static json_t *bases(struct arena *arena)
{
	json_t *root = json_object();

	json_object_set_new(root, "description",
			    sarif_message(arena, "The folder of the sources."));
	return json_pack("{s:o}", "SRCROOT", root);
}

/* Before the last '/' is the category; after it, the run. */
static json_t *automation(struct arena *arena, const struct sarif *sarif)
{
	const char *began = stamp_begin(arena, sarif->result);
	json_t *object = json_object();

	put_text(arena, object, "id",
		 arena_printf(arena, "snag/%s", began ? began : ""));
	return object;
}

static void notify(struct arena *arena, json_t *list, const char *level,
		   const char *text)
{
	json_t *object = json_object();

	if (!text || json_array_size(list) >= MOST_NOTIFICATIONS) {
		json_decref(object);
		return;
	}
	put_text(arena, object, "level", level);
	json_object_set_new(
		object, "message",
		sarif_message(arena, phrase_line(arena, text, MOST_NOTE)));
	json_array_append_new(list, object);
}

static void notify_cuts(struct arena *arena, json_t *list,
			const struct sarif *sarif)
{
	if (sarif->cut_results)
		notify(arena, list, "warning",
		       arena_printf(arena,
				    "%s of %s are left out here, the least "
				    "important ones; result.json holds all.",
				    stats_count(arena, sarif->cut_results),
				    stats_plural(arena,
						 sarif->ledger.count -
							 sarif->ledger.errors,
						 "result", "results")));
	if (sarif->cut_locations)
		notify(arena, list, "warning",
		       arena_printf(arena,
				    "%s of the results here are left out; "
				    "result.json holds all.",
				    stats_plural(arena, sarif->cut_locations,
						 "location", "locations")));
}

static void notify_subjects(struct arena *arena, json_t *list,
			    const struct result *result)
{
	for (size_t i = 0; i < result->subject_count; i++) {
		const struct subject *s = &result->subjects[i];

		if (s->verdict == VERDICT_ERROR)
			notify(arena, list, "error",
			       arena_printf(arena, "%s: %s", s->id,
					    s->why ? s->why : "error"));
	}
	for (size_t i = 0; i < result->note_count; i++)
		notify(arena, list, "note", result->notes[i]);
	for (size_t i = 0; i < result->subject_count; i++)
		for (size_t j = 0; j < result->subjects[i].note_count; j++)
			notify(arena, list, "note",
			       arena_printf(arena, "%s: %s",
					    result->subjects[i].id,
					    result->subjects[i].notes[j]));
}

static json_t *invocation(struct arena *arena, const struct sarif *sarif)
{
	const struct result *result = sarif->result;
	json_t *object = json_object(), *list = json_array();

	notify_cuts(arena, list, sarif);
	notify_subjects(arena, list, result);
	put_text(arena, object, "commandLine",
		 phrase_line(arena, result->command, 4096));
	put_text(arena, object, "startTimeUtc", stamp_begin(arena, result));
	put_text(arena, object, "endTimeUtc", stamp_end(arena, result));
	put_count(object, "exitCode", (uint64_t)result->exit);
	put_text(arena, object, "exitCodeDescription", phrase_exit(result));
	put_flag(object, "executionSuccessful",
		 result->exit == EXIT_AS_EXPECTED ||
			 result->exit == EXIT_FINDING);
	json_object_set_new(object, "toolExecutionNotifications", list);
	return json_pack("[o]", object);
}

/* One result; errors of the tool are no results, but notifications. */
static bool put_result(struct json_stream *stream, struct sarif *sarif,
		       size_t entry, bool is_first)
{
	struct arena arena = {0};
	size_t cut = sarif->cut_locations;
	bool is_in = json_stream_put(stream, RESULT_DEPTH, is_first, NULL,
				     sarif_result(&arena, sarif, entry));

	arena_release(&arena);
	if (!is_in)
		sarif->cut_locations = cut;
	return is_in;
}

static void put_results(struct json_stream *stream, struct sarif *sarif)
{
	const struct ledger *ledger = &sarif->ledger;
	size_t count = 0, misfits = 0;

	json_stream_text(stream, ",\n   \"results\": [");
	for (size_t i = 0; i < ledger->count && count < MOST_RESULTS &&
			   misfits < MOST_MISFITS;
	     i++) {
		if (ledger->entries[i].is_error)
			continue;
		if (put_result(stream, sarif, i, !count))
			count++;
		else
			misfits++;
	}
	sarif->cut_results = ledger->count - ledger->errors - count;
	json_stream_text(stream, count ? "\n   ]" : "]");
}

void render_sarif(const struct result *result, FILE *file,
		  const struct render_options *options)
{
	struct sarif sarif = {.result = result, .ledger = ledger_begin(result)};
	struct json_stream stream;
	struct arena arena = {0};

	(void)options;
	json_stream_begin(&stream, file, MOST_PACKED - LAST_PACKED);
	sarif_hash_lines(&arena, &sarif);
	json_stream_text(&stream,
			 "{\n"
			 " \"$schema\": "
			 "\"https://json.schemastore.org/sarif-2.1.0.json\","
			 "\n \"version\": \"2.1.0\",\n \"runs\": [\n  {");
	json_stream_put(&stream, ROOT_DEPTH, true, "tool",
			driver(&arena, &sarif));
	json_stream_put(&stream, ROOT_DEPTH, false, "automationDetails",
			automation(&arena, &sarif));
	json_stream_put(&stream, ROOT_DEPTH, false, "originalUriBaseIds",
			bases(&arena));
	put_results(&stream, &sarif);
	stream.most_packed = 0;
	json_stream_put(&stream, ROOT_DEPTH, false, "invocations",
			invocation(&arena, &sarif));
	json_stream_text(&stream, "\n  }\n ]\n}\n");
	json_stream_end(&stream);
	ledger_end(&sarif.ledger);
	arena_release(&arena);
}
