#include "judge/c_macro.h"

#include <string.h>

enum { BUCKETS = 1024 };

struct entry {
	const struct c_macro *macro;
	struct entry *next;
};

struct expander {
	struct arena *arena;
	struct entry *buckets[BUCKETS];
	const struct c_macro *active[C_MAX_MACRO_DEPTH];
	size_t depth;
	struct c_token *tokens; /* what came out */
	size_t count;
	size_t left; /* tokens that may still be put in for macros */
};

static bool token_is(const struct c_token *token, char c)
{
	return token->type == C_PUNCT && token->len == 1 && *token->text == c;
}

static bool same_text(const struct c_token *a, const struct c_token *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

bool c_macro_read(const struct c_token *tokens, size_t count, bool is_end,
		  struct c_macro *out)
{
	size_t at = 1, close = 1;

	*out = (struct c_macro){.is_end = is_end};
	if (!count || tokens[0].type != C_WORD)
		return false;
	out->name = tokens[0];
	out->is_function = count > 1 && token_is(&tokens[1], '(') &&
			   tokens[1].text == tokens[0].text + tokens[0].len;
	if (out->is_function) {
		while (close < count && !token_is(&tokens[close], ')'))
			close++;
		if (close == count)
			return false;
		out->params = (struct c_token *)tokens + 2;
		for (at = 2; at < close; at++) /* without the commas */
			if (!token_is(&tokens[at], ','))
				out->params[out->param_count++] = tokens[at];
		at = close + 1;
	}
	out->body = (struct c_token *)tokens + at;
	out->body_count = count - at;
	return true;
}

static struct entry **find(struct expander *x, const struct c_token *name)
{
	uint32_t hash = 2166136261U;
	struct entry **entry;

	for (uint32_t i = 0; i < name->len; i++)
		hash = (hash ^ (unsigned char)name->text[i]) * 16777619U;
	entry = &x->buckets[hash % BUCKETS];
	while (*entry && !same_text(&(*entry)->macro->name, name))
		entry = &(*entry)->next;
	return entry;
}

static void define(struct expander *x, const struct c_macro *macro)
{
	struct entry **entry = find(x, &macro->name);

	if (!*entry)
		*entry = arena_alloc(x->arena, sizeof(**entry));
	(*entry)->macro = macro;
}

/* Pasted tokens would need their text made; such macros stay. */
static bool pastes(const struct c_macro *macro)
{
	for (size_t i = 0; i < macro->body_count; i++)
		if (token_is(&macro->body[i], '#'))
			return true;
	return false;
}

static const struct c_macro *macro_at(struct expander *x,
				      const struct c_token *tokens,
				      size_t count, size_t at)
{
	struct entry *entry;

	if (tokens[at].type != C_WORD || x->depth == C_MAX_MACRO_DEPTH)
		return NULL;
	entry = *find(x, &tokens[at]);
	if (!entry || entry->macro->is_end || pastes(entry->macro))
		return NULL;
	if (entry->macro->is_function &&
	    (at + 1 >= count || !token_is(&tokens[at + 1], '(')))
		return NULL;
	for (size_t i = 0; i < x->depth; i++)
		if (x->active[i] == entry->macro)
			return NULL;
	return entry->macro;
}

/* The next argument from `at`, up to a "," or the ")" of the call. */
static size_t argument_end(const struct c_token *tokens, size_t count,
			   size_t at, bool is_rest)
{
	size_t depth = 0;

	for (; at < count; at++) {
		const struct c_token *token = &tokens[at];

		if (!depth && (token_is(token, ')') ||
			       (token_is(token, ',') && !is_rest)))
			return at;
		if (token_is(token, '(') || token_is(token, '[') ||
		    token_is(token, '{'))
			depth++;
		if (depth && (token_is(token, ')') || token_is(token, ']') ||
			      token_is(token, '}')))
			depth--;
	}
	return count;
}

struct argument {
	const struct c_token *tokens;
	size_t count;
};

/* Past the ")" of the call at the "("; 0: its end is missing. */
static size_t read_arguments(const struct c_macro *macro,
			     const struct c_token *tokens, size_t count,
			     size_t open, struct argument *arguments)
{
	size_t at = open + 1;

	for (size_t i = 0; at < count; i++) {
		bool is_rest = i + 1 >= macro->param_count;
		size_t end = argument_end(tokens, count, at, is_rest);

		if (i < macro->param_count)
			arguments[i] = (struct argument){tokens + at, end - at};
		if (end == count)
			return 0;
		at = end + 1;
		if (token_is(&tokens[end], ')'))
			return at;
	}
	return 0;
}

static bool is_param(const struct c_macro *macro, const struct c_token *token,
		     size_t *index)
{
	static const struct c_token rest = {.text = "__VA_ARGS__", .len = 11};

	for (size_t i = 0; i < macro->param_count && token->type == C_WORD;
	     i++) {
		bool is_rest = macro->params[i].type == C_PUNCT; /* ... */

		if (same_text(&macro->params[i], token) ||
		    (is_rest && same_text(&rest, token))) {
			*index = i;
			return true;
		}
	}
	return false;
}

/* The body with the arguments in it; NULL: too much. */
static struct c_token *substitute(struct expander *x,
				  const struct c_macro *macro,
				  const struct argument *arguments,
				  size_t *count)
{
	size_t room = 0, index, n = 0;
	struct c_token *out;

	for (size_t i = 0; i < macro->body_count; i++)
		room += is_param(macro, &macro->body[i], &index)
				? arguments[index].count
				: 1;
	if (room > x->left)
		return NULL;
	x->left -= room;
	out = arena_alloc(x->arena, (room + 1) * sizeof(*out));
	for (size_t i = 0; i < macro->body_count; i++) {
		if (!is_param(macro, &macro->body[i], &index)) {
			out[n++] = macro->body[i];
			continue;
		}
		for (size_t j = 0; j < arguments[index].count; j++)
			out[n++] = arguments[index].tokens[j];
	}
	*count = n;
	return out;
}

static void put(struct expander *x, const struct c_token *token,
		const struct c_token *place)
{
	struct c_token *out;

	if (x->count >= C_MAX_TOKENS)
		return;
	out = arena_push(x->arena, &x->tokens, &x->count, sizeof(*out));
	*out = *token;
	if (place) {
		out->line = place->line;
		out->column = place->column;
	}
}

/* One token, or the macro there with its arguments; gives what comes next. */
static size_t expand(struct expander *x, const struct c_token *tokens,
		     size_t count, size_t at, const struct c_token *place)
{
	const struct c_macro *macro = macro_at(x, tokens, count, at);
	struct argument *arguments;
	struct c_token *body;
	size_t next = at + 1, body_count;

	if (!macro) {
		put(x, &tokens[at], place);
		return next;
	}
	arguments = arena_alloc(x->arena,
				(macro->param_count + 1) * sizeof(*arguments));
	if (macro->is_function)
		next = read_arguments(macro, tokens, count, next, arguments);
	body = next ? substitute(x, macro, arguments, &body_count) : NULL;
	if (!body) {
		put(x, &tokens[at], place);
		return at + 1;
	}
	if (!place)
		place = &tokens[at];
	x->active[x->depth++] = macro;
	for (size_t i = 0; i < body_count;)
		i = expand(x, body, body_count, i, place);
	x->depth--;
	return next;
}

void c_macros_expand(struct arena *arena, const struct c_macro *macros,
		     size_t macro_count, struct c_token **tokens, size_t *count)
{
	struct expander *x;
	size_t defined = 0;

	if (!macro_count)
		return;
	x = arena_alloc(arena, sizeof(*x));
	x->arena = arena;
	x->left = C_MAX_TOKENS;
	for (size_t at = 0; at < *count;) {
		while (defined < macro_count && macros[defined].from <= at)
			define(x, &macros[defined++]);
		at = expand(x, *tokens, *count, at, NULL);
	}
	*tokens = x->tokens;
	*count = x->count;
}
