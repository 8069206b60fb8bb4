#include "model/finding_text.h"

#include <stdio.h>

#include "base/buf.h"
#include "model/report_text.h"

enum { TEXT_BYTES = 1024 * 1024 };

static bool write_text(const char *path, const struct report *report)
{
	FILE *file = fopen(path, "we");
	struct buf text;
	bool is_written;

	if (!file)
		return false;
	buf_init(&text, TEXT_BYTES);
	report_print(report, &text);
	is_written = fwrite(text.data, 1, text.len, file) == text.len;
	buf_release(&text);
	return !fclose(file) && is_written;
}

bool finding_texts_write(struct result *r, const char *folder, struct err *err)
{
	bool is_written = true;

	for (size_t i = 0; i < r->finding_count; i++) {
		struct finding *f = &r->findings[i];
		char *name = arena_printf(&r->arena, "reports/%s.txt",
					  f->fingerprint);
		char *path = arena_printf(&r->arena, "%s/%s", folder, name);

		if (!f->report->access_count && !f->report->thread_count)
			continue;
		if (write_text(path, f->report))
			f->report_path = name;
		else if (is_written)
			is_written = err_errno(err, EXIT_TROUBLE,
					       "cannot write '%s'", path);
	}
	return is_written;
}
