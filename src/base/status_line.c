#include "base/status_line.h"

#include "base/clock.h"

enum { EVERY_MS = 100, WIDTH = 79 };

bool status_line_is_due(struct status_line *line)
{
	uint64_t now_ms = clock_ms();

	if (!line->file || now_ms < line->shown_ms + EVERY_MS)
		return false;
	line->shown_ms = now_ms;
	return true;
}

void status_line_show(const struct status_line *line, const char *text)
{
	fprintf(line->file, "\r\033[K%.*s", WIDTH, text);
	fflush(line->file);
}

void status_line_clear(const struct status_line *line)
{
	if (!line->file || !line->shown_ms)
		return;
	fputs("\r\033[K", line->file);
	fflush(line->file);
}
