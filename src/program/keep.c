#include "program/keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { MAX_STORED = 20, MAX_WORDS = 2000 };

void keep_begin(const char *out_dir)
{
	struct arena arena = {0};
	DIR *dir = opendir(arena_printf(&arena, "%s/output", out_dir));
	int fd = dir ? dirfd(dir) : -1;
	struct dirent *entry;

	while (fd >= 0 && (entry = readdir(dir)) != NULL)
		if (!strncmp(entry->d_name, "run-", 4))
			unlinkat(fd, entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(arena_printf(&arena, "%s/output", out_dir));
	arena_release(&arena);
}

static bool store(struct arena *arena, const char *path,
		  const struct bounded *text)
{
	size_t len;
	const char *data = bounded_text(text, arena, &len);
	FILE *file = fopen(path, "we");
	bool is_stored = file && fwrite(data, 1, len, file) == len;

	return file && !fclose(file) && is_stored;
}

static const char *store_both(struct program *p, const struct trial *t)
{
	struct arena arena = {0};
	const char *dir = p->options->out_dir;
	const char *name = arena_printf(&p->result->arena, "output/run-%llu",
					(unsigned long long)t->number);
	bool is_stored;

	mkdir(arena_printf(&arena, "%s/output", dir), 0777);
	is_stored =
		store(&arena, arena_printf(&arena, "%s/%s.stdout", dir, name),
		      &t->out) &&
		store(&arena, arena_printf(&arena, "%s/%s.stderr", dir, name),
		      &t->err);
	if (!is_stored && !p->trouble.code)
		err_errno(&p->trouble, EXIT_TROUBLE,
			  "cannot keep what run %llu printed in '%s/output'",
			  (unsigned long long)t->number, dir);
	arena_release(&arena);
	return is_stored ? name : NULL;
}

/* From the beginning of a line. */
static const char *last_words(struct arena *arena, const struct bounded *from)
{
	struct arena scratch = {0};
	size_t len;
	const char *text = bounded_text(from, &scratch, &len), *words;
	size_t begin = len > MAX_WORDS ? len - MAX_WORDS : 0;
	const char *line =
		begin ? memchr(text + begin, '\n', len - begin) : NULL;

	if (line && line + 1 < text + len)
		begin = (size_t)(line + 1 - text);
	while (len > begin && text[len - 1] == '\n')
		len--;
	words = len > begin ? text_clean(arena, text + begin, len - begin, true)
			    : NULL;
	arena_release(&scratch);
	return words;
}

void keep_output(struct program *p, const struct trial *t,
		 struct run_outcome *o)
{
	if (!t->out.total && !t->err.total)
		return;
	if (!o->words)
		o->words = last_words(&p->result->arena,
				      t->err.total ? &t->err : &t->out);
	if (p->stored >= MAX_STORED)
		return;
	p->stored++;
	if (!o->output)
		o->output = store_both(p, t);
	else
		store_both(p, t);
}
