/*
 * code.h - questions about the code around an access.
 *
 * All answers come from shape: brackets, operators, keywords, which tokens are
 * the same word, and names of libc and pthreads.  C_NONE stands for "no such
 * token".  Ranges are [from, to).
 */
#ifndef SNAG_JUDGE_CODE_H
#define SNAG_JUDGE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/c_text.h"

/* A token in a function. */
struct spot {
	const struct c_unit *unit;
	const struct c_function *function;
	int32_t at;
};

/* What is accessed: `list->items[i]`, `flag`, `*slot`. */
struct place {
	int32_t begin, end; /* its tokens */
	int32_t name;       /* the last member, or the variable */
	int32_t root;       /* the first variable in it */
	bool is_member;     /* name follows "." or "->" */
	bool is_element;    /* "[...]" follows name */
	bool is_deref;      /* "*" before: what name points to */
};

/* The token at a line and column as a compiler gives them (column 0: none, then
 * by the operation); C_NONE: nothing on that line. */
int32_t code_at(const struct c_unit *unit, const struct c_function *function,
		unsigned line, unsigned column, bool is_write);
/* Is the token a part of what a macro expands to? */
bool code_is_expanded(const struct c_unit *unit, int32_t at);
/* What the access at that token is to; false: cannot be told. */
bool code_place(const struct spot *spot, struct place *out);

/* The expression around the token, over "->", "." and "[...]". */
int32_t code_expression_begin(const struct c_unit *unit, int32_t at);
int32_t code_expression_end(const struct c_unit *unit, int32_t at);
/* The statement around the token; ends at its ";". */
int32_t code_statement_begin(const struct spot *spot, int32_t at);
int32_t code_statement_end(const struct spot *spot, int32_t at);

/* Is the name at that token a parameter or a variable of the function? */
bool code_is_local(const struct spot *spot, int32_t name);
/* The next mention of a name (the token `name` of the unit `of`), as a member
 * where that one is a member. */
int32_t code_mention(const struct c_unit *unit, int32_t from, int32_t to,
		     const struct c_unit *of, int32_t name);
/* Is the mention at that token written: assigned, or ++ or --? */
bool code_is_written(const struct c_unit *unit, int32_t at);
/* Is it changed by an amount: ++, --, += and so on, or x = x + ...? */
bool code_is_changed(const struct c_unit *unit, int32_t at);
/* The variable that the value at that token goes into by its statement
 * (`v = p->x;`); C_NONE: none. */
int32_t code_target(const struct spot *spot, int32_t at);

/* The "(" of the if, while, for or switch whose condition holds the token;
 * *keyword is the keyword's token. */
int32_t code_condition(const struct spot *spot, int32_t at, int32_t *keyword);
/* What the condition at "(" governs; a loop's body, an if's first branch. */
void code_body(const struct c_unit *unit, int32_t open, int32_t *from,
	       int32_t *to);
/* The "(" or the "do" of the innermost loop around the token; its whole
 * extent in *from, *to. */
bool code_loop(const struct spot *spot, int32_t at, int32_t *from, int32_t *to);

/* Is the function an accessor: does the value of the access there become, by
 * itself or by a local variable, what it returns? */
bool code_is_returned(const struct spot *spot);

/* Locks taken and not given back between the function's begin and the token,
 * by libc's names. */
unsigned code_locks_before(const struct spot *spot, int32_t at);
/* The next call of a libc function that `is` accepts. */
int32_t code_libc_call(const struct c_unit *unit, int32_t from, int32_t to,
		       bool (*is)(const char *name));
/* Does the mention stand in a test for zero: !x, x == 0, x == NULL, if (x)? */
bool code_is_null_test(const struct spot *spot, int32_t at);
/* Is it a constant: a number, true, NULL? */
bool code_is_constant(const struct c_unit *unit, int32_t at);

#endif
