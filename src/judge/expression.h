/*
 * expression.h - what a line of source accesses, in the words of the line.
 *
 * Compilers say in which column an access stands: at the name of a member or a
 * variable, at the operator that writes, at the function that is called.  From
 * there the whole expression is read off the text, without a parser: a guess
 * that is right for plain code, and names nothing where it is not sure.
 */
#ifndef SNAG_JUDGE_EXPRESSION_H
#define SNAG_JUDGE_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { EXPRESSION_MAX_BYTES = 60 };

/*
 * The expression that begins, ends or is written to at the column (from 1): of
 * a call its argument of that number, from 0, without the '&'.  NULL: none can
 * be told.  is_whole: with the subscripts that follow a name.
 */
char *expression_at(struct arena *arena, const char *line, size_t len,
		    unsigned column, unsigned argument, bool is_whole);

#endif
