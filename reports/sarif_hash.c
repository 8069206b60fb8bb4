/*
 * primaryLocationLineHash: by it GitHub knows a result again when lines move.
 * The text of the line without blanks is hashed; what follows the colon tells
 * equal lines of one file apart, in the order of our fingerprints.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/buf.h"
#include "reports/sarif_parts.h"

enum { MOST_LINE = 64 * 1024 };

struct line {
	uint64_t hash;
	const char *file, *identity;
	size_t entry;
};

static uint64_t hash_of(const char *text)
{
	struct buf buf;
	uint64_t hash;

	buf_init(&buf, MOST_LINE);
	for (; *text; text++)
		if (!strchr(" \t\r\n", *text))
			buf_add(&buf, text, 1);
	hash = XXH3_64bits(buf.data, buf.len);
	buf_release(&buf);
	return hash;
}

static struct line line_of(struct arena *arena, const struct entry *entry)
{
	struct line line = {.file = spot_of_entry(arena, entry).file};
	const char *source = NULL;
	size_t side;

	line.file = line.file ? line.file : "";
	line.identity =
		entry->finding ? entry->finding->fingerprint
			       : arena_printf(arena, "%s %s", entry_rule(entry),
					      entry->subject->id);
	if (entry->finding && spot_first_side(entry->finding, &side))
		source = spot_source(entry->finding, side);
	/* Where the line cannot be read, what else stays the same. */
	line.hash = hash_of(source && *source ? source : line.identity);
	return line;
}

static int by_line(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = (x->hash > y->hash) - (x->hash < y->hash);

	order = order ? order : strcmp(x->file, y->file);
	return order ? order : strcmp(x->identity, y->identity);
}

void sarif_hash_lines(struct arena *arena, struct sarif *sarif)
{
	size_t count = sarif->ledger.count, nth = 0;
	struct line *lines = arena_alloc(arena, (count + 1) * sizeof(*lines));

	sarif->line_hashes = arena_alloc(arena, (count + 1) * sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		lines[i] = line_of(arena, &sarif->ledger.entries[i]);
		lines[i].entry = i;
	}
	if (count)
		qsort(lines, count, sizeof(*lines), by_line);
	for (size_t i = 0; i < count; i++) {
		bool is_same = i && lines[i - 1].hash == lines[i].hash &&
			       !strcmp(lines[i - 1].file, lines[i].file);

		nth = is_same ? nth + 1 : 1;
		sarif->line_hashes[lines[i].entry] = arena_printf(
			arena, "%016" PRIx64 ":%zu", lines[i].hash, nth);
	}
}
