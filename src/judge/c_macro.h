/*
 * c_macro.h - a file's own macros, put in the place of their uses.
 *
 * Compilers give everything that a macro expands to the place of its use, so
 * the tokens of an expansion all have the line and the column of the macro's
 * name there.  Macros of other files stay as they are, and so do those that
 * paste tokens or come too deep.  All belongs to the arena and borrows text.
 */
#ifndef SNAG_JUDGE_C_MACRO_H
#define SNAG_JUDGE_C_MACRO_H

#include "judge/c_text.h"

enum { C_MAX_MACRO_DEPTH = 12 };

/* #define, or #undef: then it ends what was defined before. */
struct c_macro {
	struct c_token name;
	struct c_token *params, *body;
	size_t param_count, body_count;
	size_t from; /* tokens of the file before it */
	bool is_function, is_end;
};

/* The tokens after "define" or "undef" of a directive as a macro; false: it is
 * none.  The "(" of parameters stands right behind the name. */
bool c_macro_read(const struct c_token *tokens, size_t count, bool is_end,
		  struct c_macro *out);

/* Replaces *tokens by what they expand to, at most C_MAX_TOKENS. */
void c_macros_expand(struct arena *arena, const struct c_macro *macros,
		     size_t macro_count, struct c_token **tokens,
		     size_t *count);

#endif
