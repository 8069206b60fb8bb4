#include "judge/code.h"
#include "judge/libc_names.h"

enum { NAME_MAX_BYTES = 64 };

static bool is_member_op(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "->") || c_is(unit, at, ".");
}

int32_t code_mention(const struct c_unit *unit, int32_t from, int32_t to,
		     const struct c_unit *of, int32_t name)
{
	bool is_member = is_member_op(of, name - 1);

	for (int32_t at = from; at < to; at++)
		if (c_same(unit, at, of, name) &&
		    is_member_op(unit, at - 1) == is_member)
			return at;
	return C_NONE;
}

/* Past "[...]" after the mention: the operator that concerns it. */
static int32_t after_mention(const struct c_unit *unit, int32_t at)
{
	at++;
	while (c_is(unit, at, "[") && c_mate(unit, at) != C_NONE)
		at = c_mate(unit, at) + 1;
	return at;
}

static bool is_step(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "++") || c_is(unit, at, "--");
}

static bool ends_operand(const struct c_unit *unit, int32_t at)
{
	return c_is_name(unit, at) || c_is(unit, at, ")") ||
	       c_is(unit, at, "]") ||
	       (at >= 0 && at < unit->count &&
		unit->tokens[at].type == C_NUMBER);
}

/* From `a` in `(*a)++` or `++*p->a[i]` to the operator that concerns it: what
 * stands before, and what after. */
static void operators(const struct c_unit *unit, int32_t at, int32_t *before,
		      int32_t *after)
{
	*before = code_expression_begin(unit, at) - 1;
	*after = after_mention(unit, at);
	for (;;) {
		if (c_is(unit, *before, "*") &&
		    !ends_operand(unit, *before - 1)) {
			--*before;
		} else if (c_is(unit, *before, "(") &&
			   c_mate(unit, *before) == *after &&
			   !c_is_word(unit, *before - 1)) {
			--*before;
			*after = after_mention(unit, *after);
		} else {
			return;
		}
	}
}

bool code_is_written(const struct c_unit *unit, int32_t at)
{
	int32_t before, after;

	operators(unit, at, &before, &after);
	if (is_member_op(unit, after))
		return false;
	return c_is_assignment(unit, after) || is_step(unit, after) ||
	       is_step(unit, before);
}

bool code_is_changed(const struct c_unit *unit, int32_t at)
{
	int32_t before, after;

	operators(unit, at, &before, &after);
	if (is_member_op(unit, after))
		return false;
	if (c_is_compound_assignment(unit, after) || is_step(unit, after) ||
	    is_step(unit, before))
		return true;
	if (!c_is(unit, after, "="))
		return false;
	for (int32_t end = after; end < unit->count; end++) {
		if (c_is(unit, end, ";"))
			return false;
		if (c_same(unit, end, unit, at) &&
		    is_member_op(unit, end - 1) == is_member_op(unit, at - 1) &&
		    !c_is(unit, end + 1, "->"))
			return true;
	}
	return false;
}

bool code_is_local(const struct spot *spot, int32_t name)
{
	const struct c_unit *unit = spot->unit;

	for (int32_t at = spot->function->name + 1; at < spot->function->close;
	     at++) {
		int32_t before = at - 1;

		if (!c_same(unit, at, unit, name))
			continue;
		if (at < spot->function->open)
			return !is_member_op(unit, before);
		while (c_is(unit, before, "*"))
			before--;
		/* A word before a name is a type, but for these. */
		if (!c_is_word(unit, before) || c_is(unit, before, "return") ||
		    c_is(unit, before, "else") || c_is(unit, before, "do") ||
		    c_is(unit, before, "case") || c_is(unit, before, "sizeof"))
			continue;
		/* `a * b` is no declaration, unless it begins a statement. */
		if (before == at - 1 ||
		    code_statement_begin(spot, at) + 2 >= before)
			return true;
	}
	return false;
}

int32_t code_target(const struct spot *spot, int32_t at)
{
	int32_t begin = code_statement_begin(spot, at);

	for (int32_t i = at; i > begin; i--)
		if (c_is(spot->unit, i, "=") && c_is_name(spot->unit, i - 1))
			return i - 1;
	return C_NONE;
}

bool code_is_returned(const struct spot *spot)
{
	const struct c_unit *unit = spot->unit;
	int32_t begin = code_statement_begin(spot, spot->at);
	int32_t local = code_target(spot, spot->at);

	for (int32_t at = begin; at < spot->at; at++)
		if (c_is(unit, at, "return"))
			return true;
	for (int32_t at = spot->at;
	     local != C_NONE && at < spot->function->close; at++)
		if (c_is(unit, at, "return") &&
		    c_same(unit, at + 1, unit, local))
			return true;
	return false;
}

static bool is_condition_keyword(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "if") || c_is(unit, at, "while") ||
	       c_is(unit, at, "for") || c_is(unit, at, "switch");
}

int32_t code_condition(const struct spot *spot, int32_t at, int32_t *keyword)
{
	const struct c_unit *unit = spot->unit;
	unsigned semicolons = 0;

	for (at--; at > spot->function->open; at--) {
		if (c_is(unit, at, "{") || c_is(unit, at, "}"))
			return C_NONE;
		semicolons += c_is(unit, at, ";");
		if ((c_is(unit, at, ")") || c_is(unit, at, "]")) &&
		    c_mate(unit, at) != C_NONE) {
			at = c_mate(unit, at);
			continue;
		}
		if (!c_is(unit, at, "("))
			continue;
		if (is_condition_keyword(unit, at - 1)) {
			bool is_for = c_is(unit, at - 1, "for");

			*keyword = at - 1;
			return semicolons == (is_for ? 1U : 0U) ? at : C_NONE;
		}
		if (semicolons)
			return C_NONE;
	}
	return C_NONE;
}

/* One statement, a block or up to the ";", from `at`. */
static int32_t statement_after(const struct c_unit *unit, int32_t at)
{
	while (is_condition_keyword(unit, at) && c_is(unit, at + 1, "(") &&
	       c_mate(unit, at + 1) != C_NONE)
		at = c_mate(unit, at + 1) + 1;
	if (c_is(unit, at, "{"))
		return c_mate(unit, at) == C_NONE ? at : c_mate(unit, at) + 1;
	for (; at < unit->count && !c_is(unit, at, ";"); at++)
		if ((c_is(unit, at, "(") || c_is(unit, at, "{")) &&
		    c_mate(unit, at) != C_NONE)
			at = c_mate(unit, at);
	return at + 1;
}

void code_body(const struct c_unit *unit, int32_t open, int32_t *from,
	       int32_t *to)
{
	int32_t close = c_mate(unit, open);

	if (close == C_NONE) {
		*from = *to = open;
		return;
	}
	/* do { ... } while (...): the body stands before. */
	if (c_is(unit, open - 1, "while") && c_is(unit, open - 2, "}") &&
	    c_mate(unit, open - 2) != C_NONE &&
	    c_is(unit, c_mate(unit, open - 2) - 1, "do")) {
		*from = c_mate(unit, open - 2);
		*to = open - 1;
		return;
	}
	*from = close + 1;
	*to = statement_after(unit, close + 1);
}

bool code_loop(const struct spot *spot, int32_t at, int32_t *from, int32_t *to)
{
	const struct c_unit *unit = spot->unit;

	for (int32_t i = at; i > spot->function->open; i--) {
		int32_t body, end;

		if (c_is(unit, i, "do")) {
			body = i;
			end = statement_after(unit, i + 1);
			if (c_is(unit, end, "while") &&
			    c_mate(unit, end + 1) != C_NONE)
				end = c_mate(unit, end + 1) + 1;
		} else if ((c_is(unit, i, "while") || c_is(unit, i, "for")) &&
			   c_is(unit, i + 1, "(")) {
			code_body(unit, i + 1, &body, &end);
		} else {
			continue;
		}
		if (end > at) {
			*from = i;
			*to = end;
			return true;
		}
	}
	return false;
}

int32_t code_libc_call(const struct c_unit *unit, int32_t from, int32_t to,
		       bool (*is)(const char *name))
{
	char name[NAME_MAX_BYTES];

	for (int32_t at = from; at < to; at++)
		if (c_is_call(unit, at) &&
		    is(c_copy(unit, at, name, sizeof(name))))
			return at;
	return C_NONE;
}

/* In the order of the text: an early return's unlock counts too, which is
 * as it should be only where it does not matter. */
unsigned code_locks_before(const struct spot *spot, int32_t at)
{
	char name[NAME_MAX_BYTES];
	unsigned held = 0;

	for (int32_t i = spot->function->open; i < at; i++) {
		if (!c_is_call(spot->unit, i))
			continue;
		c_copy(spot->unit, i, name, sizeof(name));
		if (libc_locks(name))
			held++;
		else if (libc_unlocks(name) && held)
			held--;
	}
	return held;
}

bool code_is_constant(const struct c_unit *unit, int32_t at)
{
	if (c_is(unit, at, "-"))
		at++;
	if (at < 0 || at >= unit->count)
		return false;
	if (unit->tokens[at].type != C_WORD)
		return unit->tokens[at].type != C_PUNCT;
	return c_is(unit, at, "true") || c_is(unit, at, "false") ||
	       c_is(unit, at, "NULL") || c_is(unit, at, "nullptr");
}

static bool is_zero(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "0") || c_is(unit, at, "NULL") ||
	       c_is(unit, at, "nullptr") || c_is(unit, at, "false") ||
	       c_is(unit, at, "-");
}

bool code_is_null_test(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;
	int32_t begin = code_expression_begin(unit, at);
	int32_t after = after_mention(unit, at), keyword;

	if (c_is(unit, after, "(") && c_mate(unit, after) != C_NONE)
		after = c_mate(unit, after) + 1; /* of a call */
	if (code_condition(spot, at, &keyword) == C_NONE &&
	    !c_is(unit, after, "?"))
		return false;
	if (c_is(unit, after, "==") || c_is(unit, after, "!="))
		return is_zero(unit, after + 1);
	if (c_is(unit, begin - 1, "==") || c_is(unit, begin - 1, "!="))
		return is_zero(unit, begin - 2);
	/* (x), !x, x && ..., ... || x */
	return c_is(unit, after, ")") || c_is(unit, after, "&&") ||
	       c_is(unit, after, "||") || c_is(unit, after, "?");
}
