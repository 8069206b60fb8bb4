/*
 * source_tree.h - the source files that reports speak of, read once.
 *
 * Finds a file by the path a report gives: where its folder is mapped to, as it
 * stands, below each root, and below each root with leading folders left off,
 * so that a log from another machine still finds its source.  Only regular
 * files that are named like source and at most 4 MiB long are read, and only so
 * many of them; others are as if not there.  A file is read when it is first
 * asked for and not again.  Paths may be hostile: what they name is read as
 * text and shown only through text_clean().
 */
#ifndef SNAG_MODEL_SOURCE_TREE_H
#define SNAG_MODEL_SOURCE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/result.h"

enum {
	SOURCE_MAX_FILE_BYTES = 4 * 1024 * 1024,
	SOURCE_MAX_TOTAL_BYTES = 64 * 1024 * 1024,
	SOURCE_MAX_FILES = 1024, /* asked for, found or not */
	SOURCE_MAX_PATH_BYTES = 4096,
};

struct source_tree;

/* Borrows nothing: the roots are copied.  Without roots, paths are taken as
 * they stand, from the current folder. */
struct source_tree *source_tree_new(const char *const *roots, size_t count);
/* What a report says is below folder `from` is looked for below `to` first; of
 * several that fit, below that with the longest `from`.  Copied.  To be called
 * before the first file is asked for. */
void source_tree_map(struct source_tree *tree, const char *from,
		     const char *to);
void source_tree_free(struct source_tree *tree);

/* A whole file; NULL when there is none to read.  Raw bytes, not ended by NUL;
 * they live as long as the tree. */
const char *source_text(struct source_tree *tree, const char *file,
			size_t *len);
/* A line, from 1, without its newline; NULL as above, or past the end. */
const char *source_line(struct source_tree *tree, const char *file,
			unsigned line, size_t *len);
/* The line, and up to `around` before and after it, clean; false when it
 * cannot be read, and then *out is untouched. */
bool source_excerpt(struct source_tree *tree, struct arena *arena,
		    const char *file, unsigned line, unsigned around,
		    struct excerpt *out);

#endif
