/*
 * markdown_text.h - text of the tested program inside Markdown.
 *
 * What may mean something to Markdown or HTML becomes an entity, so that it
 * stands for itself anywhere: in a table, a list, a <summary>.  In prose, what
 * GitHub and GitLab would make a mention, a reference, a link or an emoji of
 * is broken by a zero-width space.  Everything is one line, cut to about
 * `most` bytes.
 */
#ifndef SNAG_REPORTS_MARKDOWN_TEXT_H
#define SNAG_REPORTS_MARKDOWN_TEXT_H

#include "base/buf.h"

/* What stands in backticks becomes code.  Never at the start of a line: there,
 * "-" or "1." would begin a list. */
void markdown_prose(struct buf *buf, const char *text, size_t most);
/* <code>text</code> */
void markdown_code(struct buf *buf, const char *text, size_t most);
/* A fenced block of those lines, which none of them can end; each line is cut
 * by itself. */
void markdown_block(struct buf *buf, const char *language,
		    const char *const *lines, size_t count, size_t most);

#endif
