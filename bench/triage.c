/*
 * From a log to named causes, as fast as the layers below the command line
 * allow: every report is parsed and fingerprinted, each distinct one is
 * classified once, with the sources below ROOT at hand, and counted after
 * that.  Prints one line about what it found.
 *
 * usage: triage LOG ROOT
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uthash.h>

#include "base/arena.h"
#include "judge/classify.h"
#include "judge/fingerprint.h"
#include "model/source_tree.h"
#include "read/tsan_text.h"

enum { CHUNK_BYTES = 256 * 1024 };

struct kind_of_race {
	char race[FINGERPRINT_HEX + 1];
	const char *cause;
	uint64_t count;
	UT_hash_handle hh;
};

struct triage {
	struct kind_of_race *races; /* hash by race */
	struct source_tree *sources;
	struct arena kept;
};

static const char *cause_of(struct triage *t, const struct report *report)
{
	struct candidate *candidates;
	size_t count;

	classify(report, t->sources, NULL, &t->kept, &candidates, &count);
	return candidates[0].cause;
}

static void take(void *context, const struct tsan_found *found)
{
	struct triage *t = context;
	struct fingerprint print;
	struct kind_of_race *race;

	fingerprint_of(found->report, &print);
	HASH_FIND_STR(t->races, print.race, race);
	if (!race) {
		race = arena_alloc(&t->kept, sizeof(*race));
		memcpy(race->race, print.race, sizeof(race->race));
		race->cause = cause_of(t, found->report);
		HASH_ADD_STR(t->races, race, race);
	}
	race->count++;
}

static bool feed(struct tsan_parser *parser, const char *name)
{
	static char chunk[CHUNK_BYTES];
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0)
		while ((n = read(fd, chunk, sizeof(chunk))) > 0)
			tsan_parser_feed(parser, chunk, (size_t)n);
	if (n < 0)
		perror(name);
	else
		tsan_parser_end(parser);
	if (fd >= 0)
		close(fd);
	return !n;
}

static unsigned causes_in(const struct triage *t)
{
	const struct kind_of_race *a, *b;
	unsigned count = 0;

	for (a = t->races; a; a = a->hh.next) {
		for (b = t->races; b != a; b = b->hh.next)
			if (!strcmp(a->cause, b->cause))
				break;
		count += b == a;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct triage t = {0};
	struct tsan_parser *parser;
	const struct tsan_counts *counts;

	if (argc != 3) {
		fprintf(stderr, "usage: %s LOG ROOT\n", argv[0]);
		return 2;
	}
	t.sources = source_tree_new((const char *const *)argv + 2, 1);
	parser = tsan_parser_new(take, &t);
	if (!feed(parser, argv[1]))
		return 3;
	counts = tsan_parser_counts(parser);
	printf("%" PRIu64 " lines, %" PRIu64 " reports, %" PRIu64
	       " of them incomplete, %u distinct, of %u causes\n",
	       counts->lines, counts->reports, counts->incomplete,
	       HASH_COUNT(t.races), causes_in(&t));
	tsan_parser_free(parser);
	source_tree_free(t.sources);
	HASH_CLEAR(hh, t.races);
	arena_release(&t.kept);
	return 0;
}
