/*
 * Any bytes as a log: whatever the chunks, the same reports come out, and
 * they can be united, classified and written; each is counted once.
 * Corpus: tests/golden/logs/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "gather/gather.h"
#include "judge/fingerprint.h"
#include "judge/meaning.h"
#include "model/report_text.h"
#include "model/result_json.h"
#include "read/tsan_text.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { TEXT_BYTES = 4 * 1024 * 1024 };

/* What came out, as one text. */
struct seen {
	struct buf text;
	size_t count;
};

static void see(void *context, const struct tsan_found *found)
{
	struct seen *seen = context;
	struct fingerprint print;

	fingerprint_of(found->report, &print);
	buf_printf(&seen->text, "%s %s %s %d\n", print.race, print.exact,
		   print.family, found->report->is_incomplete);
	report_print(found->report, &seen->text);
	seen->count++;
	if (found->text[found->text_len])
		abort();
}

static void parse(struct seen *seen, const unsigned char *data, size_t size,
		  size_t chunk)
{
	struct tsan_parser *parser = tsan_parser_new(see, seen);

	buf_init(&seen->text, TEXT_BYTES);
	for (size_t at = 0; at < size; at += chunk)
		tsan_parser_feed(parser, (const char *)data + at,
				 size - at < chunk ? size - at : chunk);
	tsan_parser_end(parser);
	if (tsan_parser_counts(parser)->bytes != size ||
	    tsan_parser_counts(parser)->reports != seen->count)
		abort();
	tsan_parser_free(parser);
}

static void chunks_change_nothing(const unsigned char *data, size_t size)
{
	struct seen whole = {0}, pieces = {0};

	parse(&whole, data, size, size ? size : 1);
	parse(&pieces, data, size, 1 + size % 97);
	if (whole.count != pieces.count || whole.text.len != pieces.text.len ||
	    memcmp(whole.text.data, pieces.text.data, whole.text.len) != 0)
		abort();
	buf_release(&whole.text);
	buf_release(&pieces.text);
}

/* Every report is counted once, wherever it ends up. */
static void all_is_counted(const struct result *result)
{
	const struct run *run = &result->subjects[0].runs[0];
	uint64_t hits = 0, count = 0;

	for (size_t i = 0; i < run->finding_count; i++) {
		hits += run->findings[i].hits;
		if (!run->findings[i].first)
			abort();
	}
	for (size_t i = 0; i < result->finding_count; i++)
		count += result->findings[i].count;
	if (hits != count || hits > run->reports ||
	    run->finding_count != result->finding_count ||
	    result->verdict == VERDICT_CLEAN || !result->exit)
		abort();
}

static void findings_are_sound(const unsigned char *data, size_t size)
{
	static const char *const roots[] = {"/src/"};
	static const struct gather_options options = {.roots = roots,
						      .root_count = 1};
	struct result result = {0};
	struct gather *gather = gather_new(&result, &options);
	char *json = NULL;
	size_t len;
	FILE *file;

	gather_text(gather, "log", (const char *)data, size);
	gather_end(gather);
	gather_free(gather);
	meaning_of_findings(&result, NULL, NULL);
	gather_judge(&result);
	all_is_counted(&result);
	file = open_memstream(&json, &len);
	if (!file)
		abort();
	result_to_json(&result, file);
	fclose(file);
	free(json);
	result_release(&result);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	chunks_change_nothing(data, size);
	findings_are_sound(data, size);
	return 0;
}
