#include <string.h>

#include "judge/c_text.h"

static const struct c_token *token_at(const struct c_unit *unit, int32_t at)
{
	if (at < 0 || at >= unit->count || !*unit->steps_left)
		return NULL;
	--*unit->steps_left;
	return &unit->tokens[at];
}

bool c_is(const struct c_unit *unit, int32_t at, const char *text)
{
	const struct c_token *token = token_at(unit, at);

	return token && token->type != C_STRING && token->len == strlen(text) &&
	       !memcmp(token->text, text, token->len);
}

bool c_is_word(const struct c_unit *unit, int32_t at)
{
	const struct c_token *token = token_at(unit, at);

	return token && token->type == C_WORD;
}

bool c_is_name(const struct c_unit *unit, int32_t at)
{
	static const char *const keywords[] = {
		"if",       "else",         "while",      "for",
		"do",       "switch",       "case",       "default",
		"return",   "goto",         "break",      "continue",
		"sizeof",   "struct",       "union",      "enum",
		"const",    "volatile",     "static",     "extern",
		"inline",   "int",          "unsigned",   "signed",
		"char",     "short",        "long",       "float",
		"double",   "void",         "register",   "restrict",
		"typedef",  "_Atomic",      "_Bool",      "bool",
		"auto",     "_Alignof",     "alignof",    "new",
		"delete",   "true",         "false",      "nullptr",
		"NULL",     "this",         "__typeof__", "typeof",
		"_Generic", "_Thread_local"};

	if (!c_is_word(unit, at))
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (c_is(unit, at, keywords[i]))
			return false;
	return true;
}

bool c_is_call(const struct c_unit *unit, int32_t at)
{
	return c_is_name(unit, at) && c_is(unit, at + 1, "(");
}

bool c_same(const struct c_unit *a, int32_t at, const struct c_unit *b,
	    int32_t other)
{
	const struct c_token *x = token_at(a, at), *y = token_at(b, other);

	return x && y && x->type == y->type && x->len == y->len &&
	       !memcmp(x->text, y->text, x->len);
}

int32_t c_mate(const struct c_unit *unit, int32_t at)
{
	const struct c_token *token = token_at(unit, at);

	return token ? token->mate : C_NONE;
}

bool c_is_compound_assignment(const struct c_unit *unit, int32_t at)
{
	const struct c_token *token = token_at(unit, at);

	return token && token->type == C_PUNCT && token->len >= 2 &&
	       token->text[token->len - 1] == '=' && !c_is(unit, at, "==") &&
	       !c_is(unit, at, "!=") && !c_is(unit, at, "<=") &&
	       !c_is(unit, at, ">=");
}

bool c_is_assignment(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "=") || c_is_compound_assignment(unit, at);
}

const char *c_copy(const struct c_unit *unit, int32_t at, char *buf,
		   size_t size)
{
	const struct c_token *token = token_at(unit, at);
	size_t len = token ? token->len : 0;

	if (len >= size)
		len = size - 1;
	if (token)
		memcpy(buf, token->text, len);
	buf[len] = '\0';
	return buf;
}
