#include "judge/c_text.h"

#include <string.h>

#include "judge/c_macro.h"

struct reader {
	const char *at, *end, *line_start;
	uint32_t line;
	bool is_line_begin; /* nothing but blanks before on this line */
	struct arena *arena;
	struct c_token *tokens;
	size_t count;
	struct c_macro *macros;
	size_t macro_count;
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

static char peek(const struct reader *r, size_t ahead)
{
	return (size_t)(r->end - r->at) > ahead ? r->at[ahead] : '\0';
}

static void step(struct reader *r)
{
	if (*r->at++ == '\n') {
		r->line++;
		r->line_start = r->at;
		r->is_line_begin = true;
	}
}

static void skip_comment(struct reader *r)
{
	bool is_block = r->at[1] == '*';

	r->at += 2;
	while (r->at < r->end) {
		if (is_block && *r->at == '*' && peek(r, 1) == '/') {
			r->at += 2;
			return;
		}
		if (!is_block && *r->at == '\n' && r->at[-1] != '\\')
			return;
		step(r);
	}
}

static bool is_comment(const struct reader *r)
{
	return *r->at == '/' && (peek(r, 1) == '/' || peek(r, 1) == '*');
}

/* To the end of a directive, continued lines and comments included. */
static void skip_directive(struct reader *r)
{
	while (r->at < r->end && *r->at != '\n') {
		if (is_comment(r)) {
			skip_comment(r);
		} else {
			if (*r->at == '\\' && peek(r, 1) == '\n')
				r->at++;
			step(r);
		}
	}
}

static bool directive_is(const struct reader *r, const char *name)
{
	const char *at = r->at + 1;
	size_t len = strlen(name);

	while (at < r->end && (*at == ' ' || *at == '\t'))
		at++;
	return (size_t)(r->end - at) >= len && !memcmp(at, name, len);
}

/* Of #if ... #else ... #endif only the first branch is read: both together
 * would open two braces and close one. */
static void skip_other_branch(struct reader *r)
{
	size_t depth = 1;

	skip_directive(r);
	while (r->at < r->end && depth) {
		if (r->is_line_begin && *r->at == '#') {
			depth += directive_is(r, "if");
			depth -= directive_is(r, "endif");
			skip_directive(r);
		} else if (is_comment(r)) {
			skip_comment(r);
		} else {
			if (*r->at != ' ' && *r->at != '\t')
				r->is_line_begin = false;
			step(r);
		}
	}
}

static void skip_string(struct reader *r)
{
	char quote = *r->at++;

	while (r->at < r->end && *r->at != quote && *r->at != '\n') {
		if (*r->at == '\\' && r->at + 1 < r->end)
			r->at++;
		step(r);
	}
	if (r->at < r->end && *r->at == quote)
		r->at++;
}

static size_t punct_len(const struct reader *r)
{
	static const char *const longer[] = {
		"<<=", ">>=", "...", "->", "++", "--", "<<", ">>",
		"<=",  ">=",  "==",  "!=", "&&", "||", "+=", "-=",
		"*=",  "/=",  "%=",  "&=", "|=", "^=", "::"};

	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++) {
		size_t len = strlen(longer[i]);

		if ((size_t)(r->end - r->at) >= len &&
		    !memcmp(r->at, longer[i], len))
			return len;
	}
	return 1;
}

static void read_token(struct reader *r)
{
	struct c_token *token =
		arena_push(r->arena, &r->tokens, &r->count, sizeof(*r->tokens));
	const char *begin = r->at;

	*token = (struct c_token){.text = begin,
				  .line = r->line,
				  .column =
					  (uint32_t)(begin - r->line_start) + 1,
				  .mate = C_NONE};
	if (*begin == '"' || *begin == '\'') {
		token->type = C_STRING;
		skip_string(r);
	} else if (is_word_byte(*begin)) {
		token->type =
			*begin >= '0' && *begin <= '9' ? C_NUMBER : C_WORD;
		while (r->at < r->end && is_word_byte(*r->at))
			r->at++;
	} else {
		token->type = C_PUNCT;
		r->at += punct_len(r);
	}
	token->len = (uint32_t)(r->at - begin);
}

/* Blanks, comments or one token. */
static void read_piece(struct reader *r)
{
	if (is_comment(r)) {
		skip_comment(r);
	} else if (*r->at == ' ' || (*r->at >= '\t' && *r->at <= '\r') ||
		   *r->at == '\\') {
		step(r);
	} else {
		r->is_line_begin = false;
		read_token(r);
	}
}

/* #define, #undef: its tokens go aside. */
static void read_macro(struct reader *r)
{
	struct reader line = *r;
	struct c_macro macro;
	bool is_end = directive_is(r, "undef");

	skip_directive(r);
	line.end = r->at;
	line.tokens = NULL;
	line.count = 0;
	line.at++; /* "#" */
	while (line.at < line.end && line.count < C_MAX_TOKENS)
		read_piece(&line);
	if (line.count < 2 ||
	    !c_macro_read(line.tokens + 1, line.count - 1, is_end, &macro))
		return;
	macro.from = r->count;
	*(struct c_macro *)arena_push(r->arena, &r->macros, &r->macro_count,
				      sizeof(macro)) = macro;
}

static void read_directive(struct reader *r)
{
	if (directive_is(r, "else") || directive_is(r, "elif"))
		skip_other_branch(r);
	else if (directive_is(r, "define") || directive_is(r, "undef"))
		read_macro(r);
	else
		skip_directive(r);
}

/* Brackets that do not fit are left without a mate. */
static void find_mates(struct arena *arena, struct c_unit *unit)
{
	int32_t *open =
		arena_alloc(arena, ((size_t)unit->count + 1) * sizeof(*open));
	int32_t depth = 0;

	for (int32_t i = 0; i < unit->count; i++) {
		char c = unit->tokens[i].type == C_PUNCT &&
					 unit->tokens[i].len == 1
				 ? *unit->tokens[i].text
				 : '\0';
		char want = c == ')' ? '(' : c == ']' ? '[' : '{';

		if (c == '(' || c == '[' || c == '{')
			open[depth++] = i;
		if (c != ')' && c != ']' && c != '}')
			continue;
		/* "}" closes what was left open within it. */
		while (depth && c == '}' &&
		       *unit->tokens[open[depth - 1]].text != '{')
			depth--;
		if (depth && *unit->tokens[open[depth - 1]].text == want) {
			depth--;
			unit->tokens[i].mate = open[depth];
			unit->tokens[open[depth]].mate = i;
		}
	}
}

/* The name in `type name(args) attributes {`; C_NONE: not a function's. */
static int32_t name_before(const struct c_unit *unit, int32_t begin,
			   int32_t open)
{
	if (c_is(unit, open - 1, "="))
		return C_NONE;
	for (int32_t at = begin; at < open; at++) {
		if (c_is(unit, at, "="))
			return C_NONE;
		if (!c_is(unit, at, "(") || unit->tokens[at].mate == C_NONE)
			continue;
		if (c_is_name(unit, at - 1) && at - 1 >= begin &&
		    !c_is(unit, at - 1, "__attribute__") &&
		    !c_is(unit, at - 1, "__declspec") &&
		    !c_is(unit, at - 1, "_Alignas") &&
		    !c_is(unit, at - 1, "alignas"))
			return at - 1;
		at = unit->tokens[at].mate;
	}
	return C_NONE;
}

static bool holds_declarations(const struct c_unit *unit, int32_t begin,
			       int32_t open)
{
	for (int32_t at = begin; at < open; at++)
		if (c_is(unit, at, "namespace") || c_is(unit, at, "extern") ||
		    c_is(unit, at, "class") || c_is(unit, at, "struct"))
			return true;
	return false;
}

static void find_functions(struct arena *arena, struct c_unit *unit)
{
	int32_t begin = 0;

	for (int32_t at = 0; at < unit->count; at++) {
		int32_t mate = unit->tokens[at].mate, name;

		if (c_is(unit, at, ";") || c_is(unit, at, "}")) {
			begin = at + 1;
			continue;
		}
		if (!c_is(unit, at, "{") || mate == C_NONE)
			continue;
		name = name_before(unit, begin, at);
		if (name != C_NONE) {
			struct c_function *f = arena_push(
				arena, &unit->functions, &unit->function_count,
				sizeof(*unit->functions));

			*f = (struct c_function){name, at, mate};
		} else if (holds_declarations(unit, begin, at)) {
			begin = at + 1;
			continue;
		}
		at = mate;
		begin = at + 1;
	}
}

void c_unit_read(struct arena *arena, const char *text, size_t len,
		 struct c_unit *out)
{
	struct reader r = {.at = text,
			   .end = text + len,
			   .line_start = text,
			   .line = 1,
			   .is_line_begin = true,
			   .arena = arena};

	while (r.at < r.end && r.count < C_MAX_TOKENS) {
		if (*r.at == '#' && r.is_line_begin)
			read_directive(&r);
		else
			read_piece(&r);
	}
	c_macros_expand(arena, r.macros, r.macro_count, &r.tokens, &r.count);
	*out = (struct c_unit){.tokens = r.tokens, .count = (int32_t)r.count};
	out->steps_left = arena_alloc(arena, sizeof(*out->steps_left));
	*out->steps_left = C_MAX_STEPS;
	find_mates(arena, out);
	find_functions(arena, out);
}

const struct c_function *c_function_at(const struct c_unit *unit, unsigned line)
{
	for (size_t i = 0; i < unit->function_count; i++) {
		const struct c_function *f = &unit->functions[i];

		if (unit->tokens[f->name].line <= line &&
		    unit->tokens[f->close].line >= line)
			return f;
	}
	return NULL;
}

const struct c_function *c_function_named(const struct c_unit *unit,
					  int32_t name)
{
	for (size_t i = 0; i < unit->function_count; i++)
		if (c_same(unit, unit->functions[i].name, unit, name))
			return &unit->functions[i];
	return NULL;
}
