/*
 * Any bytes as a schedule: as text, which is printed and read again as the
 * same, and as a file.
 */
#include <stdlib.h>
#include <string.h>

#include "model/schedule.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void try_text(const char *text, size_t size)
{
	struct arena arena = {0};
	struct err err = {0};
	struct schedule_turn *turns, *again;
	size_t count, count_again;
	struct buf buf;

	if (schedule_parse(&arena, text, size, &turns, &count, &err)) {
		buf_init(&buf, (size_t)SCHEDULE_MAX_TURNS * 16);
		schedule_print(turns, count, &buf);
		if (!schedule_parse(&arena, buf.data, buf.len, &again,
				    &count_again, &err) ||
		    count != count_again)
			abort();
		for (size_t i = 0; i < count; i++)
			if (turns[i].thread != again[i].thread ||
			    turns[i].steps != again[i].steps)
				abort();
		buf_release(&buf);
	} else if (err.code != EXIT_USAGE || strchr(err.text, '\x1b')) {
		abort();
	}
	arena_release(&arena);
}

static void try_file(const char *text, size_t size)
{
	struct arena arena = {0};
	struct err err = {0};
	struct schedule s;

	if (schedule_json_read(text, size, "it", &arena, &s, &err) ==
	    (err.code != 0))
		abort();
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_text((const char *)data, size);
	try_file((const char *)data, size);
	return 0;
}
