#include "judge/expression.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

struct line {
	const char *text;
	size_t len;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char at(struct line l, size_t i)
{
	return i < l.len ? l.text[i] : '\0';
}

/* Past the bracket that closes the one at i; 0: it does not close here. */
static size_t past_bracket(struct line l, size_t i)
{
	size_t depth = 0;

	for (; i < l.len; i++) {
		if (strchr("([{", l.text[i]) && l.text[i])
			depth++;
		else if (strchr(")]}", l.text[i]) && l.text[i] && !--depth)
			return i + 1;
	}
	return 0;
}

/* The bracket that opens what ends before `end`; SIZE_MAX: it does not. */
static size_t open_bracket(struct line l, size_t end)
{
	size_t depth = 0;

	while (end--) {
		if (strchr(")]", l.text[end]))
			depth++;
		else if (strchr("([", l.text[end]) && !--depth)
			return end;
	}
	return SIZE_MAX;
}

/* Does a name that begins at i belong to what stands before it? */
static bool follows_access(struct line l, size_t i, size_t *end)
{
	while (i && is_blank(l.text[i - 1]))
		i--;
	if (i >= 2 && l.text[i - 1] == '>' && l.text[i - 2] == '-')
		*end = i - 2;
	else if (i >= 2 && l.text[i - 1] == '.' && l.text[i - 2] != '.')
		*end = i - 1;
	else
		return false;
	return true;
}

/* Where the postfix expression begins that ends before `end`; `end` itself
 * when there is none. */
static size_t begin_of(struct line l, size_t end)
{
	size_t i = end;

	for (;;) {
		size_t before = i, next;

		while (i && is_blank(l.text[i - 1]))
			i--;
		while (i && strchr(")]", l.text[i - 1])) {
			i = open_bracket(l, i);
			if (i == SIZE_MAX)
				return end;
		}
		while (i && is_word(l.text[i - 1]))
			i--;
		if (i == before)
			return end;
		if (!follows_access(l, i, &next))
			return i;
		i = next;
	}
}

static char *copy(struct arena *arena, struct line l, size_t from, size_t to)
{
	while (from < to && is_blank(l.text[from]))
		from++;
	while (to > from && is_blank(l.text[to - 1]))
		to--;
	if (to <= from || to - from > EXPRESSION_MAX_BYTES)
		return NULL;
	return text_clean(arena, l.text + from, to - from, false);
}

/* A star before it, that multiplies nothing. */
static size_t with_star(struct line l, size_t from)
{
	size_t i = from, j;

	if (!i || l.text[i - 1] != '*')
		return from;
	j = i - 1;
	while (j && is_blank(l.text[j - 1]))
		j--;
	return !j || strchr("(=,;{!&|?:<>+-", l.text[j - 1]) ? i - 1 : from;
}

/* What is written to by the operator at i. */
static char *written(struct arena *arena, struct line l, size_t i)
{
	size_t from = begin_of(l, i), end = i;

	while (end && is_blank(l.text[end - 1]))
		end--;
	if (from < end)
		return copy(arena, l, with_star(l, from), end);
	if (at(l, i) != at(l, i + 1)) /* not a ++ or -- that goes before */
		return NULL;
	i += 2;
	end = i;
	while (end < l.len &&
	       (is_word(l.text[end]) || strchr("->.[]*(", l.text[end])))
		end++;
	return copy(arena, l, i, end);
}

static char *nth_argument(struct arena *arena, struct line l, size_t open,
			  unsigned number)
{
	size_t from = open + 1, i = from, depth = 0;

	for (; i < l.len; i++) {
		char c = l.text[i];

		if (!depth && (c == ',' || c == ')')) {
			if (!number || c == ')')
				break;
			number--;
			from = i + 1;
		}
		depth += strchr("([{", c) != NULL;
		depth -= strchr(")]}", c) != NULL;
	}
	if (number)
		return NULL;
	while (from < i && (is_blank(l.text[from]) || l.text[from] == '&'))
		from++;
	return copy(arena, l, from, i);
}

static char *named(struct arena *arena, struct line l, size_t i,
		   unsigned argument, bool is_whole)
{
	size_t end = i, from = i, next;

	while (end < l.len && is_word(l.text[end]))
		end++;
	next = end;
	while (is_blank(at(l, next)))
		next++;
	if (at(l, next) == '(')
		return nth_argument(arena, l, next, argument);
	while (is_whole && at(l, end) == '[') {
		end = past_bracket(l, end);
		if (!end)
			return NULL;
	}
	if (follows_access(l, i, &next))
		from = begin_of(l, next);
	return copy(arena, l, from, end);
}

static char *pointed_to(struct arena *arena, struct line l, size_t i)
{
	size_t end = i + 1;

	if (at(l, end) == '(')
		end = past_bracket(l, end);
	else
		while (end < l.len &&
		       (is_word(l.text[end]) || strchr("->.", l.text[end])))
			end++;
	return end ? copy(arena, l, i, end) : NULL;
}

char *expression_at(struct arena *arena, const char *text, size_t len,
		    unsigned column, unsigned argument, bool is_whole)
{
	struct line l = {text, len};
	size_t i = column - 1;

	if (!column || i >= len || memchr(text, '\0', len))
		return NULL;
	if (is_word(text[i]))
		return named(arena, l, i, argument, is_whole);
	if (text[i] == '*' && at(l, i + 1) != '=')
		return pointed_to(arena, l, i);
	if (text[i] && strchr("=+-*/%&|^<>", text[i]))
		return written(arena, l, i);
	return NULL;
}
