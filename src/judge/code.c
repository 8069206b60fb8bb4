#include "judge/code.h"

static bool is_member_op(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "->") || c_is(unit, at, ".");
}

/* Does an operand end here, so that a "*" after it multiplies? */
static bool ends_operand(const struct c_unit *unit, int32_t at)
{
	return c_is_name(unit, at) || c_is(unit, at, ")") ||
	       c_is(unit, at, "]") ||
	       (at >= 0 && at < unit->count &&
		unit->tokens[at].type == C_NUMBER);
}

int32_t code_expression_begin(const struct c_unit *unit, int32_t at)
{
	for (;;) {
		while (c_is(unit, at, "]") && c_mate(unit, at) != C_NONE)
			at = c_mate(unit, at) - 1;
		if (c_is(unit, at, ")") && c_mate(unit, at) != C_NONE) {
			at = c_mate(unit, at);
			if (c_is_name(unit, at - 1))
				at--;
		}
		if (!is_member_op(unit, at - 1) || at < 2)
			return at;
		/* ".name" begins a designator. */
		if (!ends_operand(unit, at - 2))
			return at;
		at -= 2;
	}
}

int32_t code_expression_end(const struct c_unit *unit, int32_t at)
{
	at++;
	for (;;) {
		if ((c_is(unit, at, "[") || c_is(unit, at, "(")) &&
		    c_mate(unit, at) != C_NONE)
			at = c_mate(unit, at) + 1;
		else if (is_member_op(unit, at) && c_is_word(unit, at + 1))
			at += 2;
		else
			return at;
	}
}

int32_t code_statement_begin(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;

	for (at--; at > spot->function->open; at--) {
		if (c_is(unit, at, ";") || c_is(unit, at, "{") ||
		    c_is(unit, at, "}"))
			break;
		if ((c_is(unit, at, ")") || c_is(unit, at, "]")) &&
		    c_mate(unit, at) != C_NONE)
			at = c_mate(unit, at);
	}
	return at + 1;
}

int32_t code_statement_end(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;

	for (; at < spot->function->close; at++) {
		if (c_is(unit, at, ";"))
			break;
		if ((c_is(unit, at, "(") || c_is(unit, at, "[") ||
		     c_is(unit, at, "{")) &&
		    c_mate(unit, at) != C_NONE)
			at = c_mate(unit, at);
	}
	return at;
}

/* A plain local variable cannot be raced on; what it points to can. */
static bool may_be_shared(const struct c_unit *unit,
			  const struct c_function *function, int32_t name)
{
	struct spot spot = {unit, function, name};
	struct place place;

	return !code_place(&spot, &place) || place.is_member ||
	       place.is_deref || place.is_element ||
	       !code_is_local(&spot, place.name);
}

/* Of a write: an assignment's operator; else the last member or name. */
static int32_t guess_in(const struct c_unit *unit,
			const struct c_function *function, int32_t from,
			int32_t to, bool is_write)
{
	int32_t best = C_NONE;

	/* Parameters are no accesses. */
	if (from <= function->open && to > function->open + 1)
		from = function->open + 1;
	for (int32_t at = from; at < to && is_write; at++)
		if ((c_is_assignment(unit, at) || c_is(unit, at, "++") ||
		     c_is(unit, at, "--")) &&
		    may_be_shared(unit, function, at))
			return at;
	for (int32_t at = from; at < to; at++)
		if (c_is_name(unit, at) && is_member_op(unit, at - 1) &&
		    !c_is(unit, at + 1, "(") && !c_is_assignment(unit, at + 1))
			best = at;
	for (int32_t at = from; at < to && best == C_NONE; at++)
		if (c_is_name(unit, at) && !c_is(unit, at + 1, "(") &&
		    may_be_shared(unit, function, at))
			best = at;
	return best == C_NONE ? from : best;
}

static bool same_place(const struct c_unit *unit, int32_t a, int32_t b)
{
	return a >= 0 && b >= 0 && a < unit->count && b < unit->count &&
	       unit->tokens[a].line == unit->tokens[b].line &&
	       unit->tokens[a].column == unit->tokens[b].column;
}

bool code_is_expanded(const struct c_unit *unit, int32_t at)
{
	return same_place(unit, at, at - 1) || same_place(unit, at, at + 1);
}

int32_t code_at(const struct c_unit *unit, const struct c_function *function,
		unsigned line, unsigned column, bool is_write)
{
	int32_t from = C_NONE, to = C_NONE;

	for (int32_t at = function->name; at <= function->close; at++) {
		if (unit->tokens[at].line > line)
			break;
		if (unit->tokens[at].line != line)
			continue;
		if (from == C_NONE)
			from = at;
		to = at + 1;
	}
	if (from == C_NONE)
		return C_NONE;
	if (!column)
		return guess_in(unit, function, from, to, is_write);
	while (to - 1 > from && unit->tokens[to - 1].column > column)
		to--;
	if (!same_place(unit, to - 2, to - 1))
		return to - 1;
	/* What a macro expands to has one place. */
	for (from = to - 1; same_place(unit, from - 1, to - 1);)
		from--;
	return guess_in(unit, function, from, to, is_write);
}

/* The last token of what the parentheses that end at `at` hold, however many
 * there are; "f(x)" is a call and no place. */
static int32_t without_parentheses(const struct c_unit *unit, int32_t at)
{
	while (c_is(unit, at, ")")) {
		int32_t open = c_mate(unit, at);

		if (open == C_NONE || c_is_name(unit, open - 1))
			return C_NONE;
		at--;
	}
	return at;
}

/* The name in an expression that ends before `end`. */
static bool place_ending(const struct c_unit *unit, int32_t end,
			 struct place *out)
{
	int32_t at = end - 1, outer;

	*out = (struct place){.end = end, .name = C_NONE};
	while (c_is(unit, at, "]") && c_mate(unit, at) != C_NONE) {
		at = c_mate(unit, at) - 1;
		out->is_element = true;
	}
	outer = at;
	at = without_parentheses(unit, at);
	while (c_is(unit, at, "]") && c_mate(unit, at) != C_NONE)
		at = c_mate(unit, at) - 1;
	if (!c_is_name(unit, at))
		return false;
	out->name = at;
	out->is_member = is_member_op(unit, at - 1);
	out->begin = code_expression_begin(unit, at);
	out->root = out->begin;
	while (c_is(unit, out->root, "("))
		out->root++;
	if (c_is(unit, out->begin - 1, "*") &&
	    !ends_operand(unit, out->begin - 2)) {
		out->is_deref = true;
		out->begin--;
	}
	if (c_is(unit, outer, ")"))
		out->begin = c_mate(unit, outer);
	return true;
}

/* After a prefix operator: the whole expression that follows. */
static bool place_after(const struct c_unit *unit, int32_t at,
			struct place *out)
{
	while (c_is(unit, at, "*") || c_is(unit, at, "&"))
		at++;
	if (c_is(unit, at, "(") && c_mate(unit, at) != C_NONE)
		return place_ending(
			unit, code_expression_end(unit, c_mate(unit, at)), out);
	return c_is_name(unit, at) &&
	       place_ending(unit, code_expression_end(unit, at), out);
}

/* In `*x = (struct s){...}` compilers point into what is assigned. */
static int32_t assignment_before(const struct spot *spot)
{
	int32_t begin = code_statement_begin(spot, spot->at);

	for (int32_t at = spot->at; at >= begin; at--)
		if (c_is_assignment(spot->unit, at))
			return at;
	return C_NONE;
}

bool code_place(const struct spot *spot, struct place *out)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = spot->at, assignment;

	if (at == C_NONE)
		return false;
	if (c_is_assignment(unit, at))
		return place_ending(unit, at, out);
	if (c_is(unit, at, "++") || c_is(unit, at, "--"))
		return ends_operand(unit, at - 1)
			       ? place_ending(unit, at, out)
			       : place_after(unit, at + 1, out);
	if (c_is(unit, at, "*"))
		return place_after(unit, at + 1, out);
	if (c_is_name(unit, at) && !c_is(unit, at + 1, "(")) {
		int32_t end = at + 1;

		while (c_is(unit, end, "[") && c_mate(unit, end) != C_NONE)
			end = c_mate(unit, end) + 1;
		return place_ending(unit, end, out);
	}
	if (c_is(unit, at, "&"))
		return place_after(unit, at + 1, out);
	assignment = assignment_before(spot);
	return assignment != C_NONE && place_ending(unit, assignment, out);
}
