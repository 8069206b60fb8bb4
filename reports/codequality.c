/*
 * GitLab's Code Quality report: an array with one object for each entry.
 */
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

#include "model/json_put.h"
#include "reports/json_stream.h"
#include "reports/phrase.h"
#include "reports/renderer.h"
#include "reports/spot.h"

enum { MOST_TEXT = 2000, MOST_NAME = 64 };

/* What is as expected is no more than information. */
static const char *severity_name(const struct entry *entry)
{
	static const char *const names[] = {"minor", "major", "critical"};

	return entry->fails || entry->is_error ? names[entry->severity]
					       : "info";
}

static const char *fingerprint(struct arena *arena, const struct entry *entry)
{
	const char *text;
	XXH128_hash_t hash;

	if (entry->finding)
		return entry->finding->fingerprint;
	text = arena_printf(arena, "%s %s", entry_rule(entry),
			    entry->subject->id);
	hash = XXH3_128bits(text, strlen(text));
	return arena_printf(arena, "%016" PRIx64 "%016" PRIx64, hash.high64,
			    hash.low64);
}

/* Relative, as GitLab wants it, also where that is a half-truth. */
static json_t *location(struct arena *arena, const struct entry *entry)
{
	struct spot spot = spot_inside(arena, entry);
	json_t *object = json_object(), *lines = json_object();
	const char *path = spot.file ? spot.file : "unknown";

	while (*path == '/')
		path++;
	put_text(arena, object, "path", *path ? path : "unknown");
	put_count(lines, "begin", spot.line ? spot.line : 1);
	json_object_set_new(object, "lines", lines);
	return object;
}

static json_t *violation(struct arena *arena, const struct entry *entry)
{
	json_t *object = json_object();

	put_text(arena, object, "description",
		 phrase_line(arena, entry_sentence(arena, entry), MOST_TEXT));
	put_text(arena, object, "check_name",
		 phrase_line(arena, entry_rule(entry), MOST_NAME));
	put_text(arena, object, "fingerprint", fingerprint(arena, entry));
	put_text(arena, object, "severity", severity_name(entry));
	json_object_set_new(object, "location", location(arena, entry));
	return object;
}

void render_codequality(const struct result *result, FILE *file,
			const struct render_options *options)
{
	struct ledger ledger = ledger_begin(result);
	struct json_stream stream;

	(void)options;
	json_stream_begin(&stream, file, 0);
	json_stream_text(&stream, "[");
	for (size_t i = 0; i < ledger.count; i++) {
		struct arena arena = {0};

		json_stream_put(&stream, 1, !i, NULL,
				violation(&arena, &ledger.entries[i]));
		arena_release(&arena);
	}
	json_stream_text(&stream, ledger.count ? "\n]\n" : "]\n");
	json_stream_end(&stream);
	ledger_end(&ledger);
}
