#include "model/cxx_name.h"

#include <string.h>

static const char operator_word[] = "operator";

enum { WORD = sizeof(operator_word) - 1 };

static int is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '~';
}

/* Where "operator" stands as a word, at no depth of brackets; NULL: nowhere.
 * What follows it, as in "operator()" and "operator<", is no bracket. */
static const char *find_operator(const char *name, const char *end)
{
	int depth = 0;

	for (const char *at = name; at + WORD < end; at++) {
		if (strchr("<({", *at))
			depth++;
		else if (strchr(">)}", *at))
			depth--;
		if (!depth && !memcmp(at, operator_word, WORD) &&
		    !is_name_char(at[WORD]) &&
		    (at == name || !is_name_char(at[-1])))
			return at;
	}
	return NULL;
}

/* "operator()(int) const" ends behind "operator()", "operator<< <x>(x&)" behind
 * "operator<<", "operator bool() const" behind "operator bool". */
static size_t operator_len(const char *at, const char *end)
{
	const char *p = at + WORD;

	if (end - p >= 2 && p[0] == '(' && p[1] == ')')
		return WORD + 2;
	if (end - p >= 2 && p[0] == '[' && p[1] == ']')
		return WORD + 2;
	if (p < end && *p == ' ')
		while (p < end && *p != '(')
			p++;
	else
		while (p < end && strchr("<>=!+-*/%^&|~,", *p))
			p++;
	return (size_t)(p - at);
}

/* The place of the bracket that the last one before end closes; end: none. */
static const char *opening(const char *name, const char *end)
{
	int depth = 0;

	for (const char *at = end; at-- > name;) {
		/* Of "->" in a type, and of a comparison. */
		if (*at == '>' && at > name && at[-1] == '-')
			continue;
		if (strchr(">)]", *at))
			depth++;
		else if (strchr("<([", *at) && !--depth)
			return at;
		if (!depth)
			return end;
	}
	return end;
}

static const char *trim(const char *name, const char *end)
{
	static const char *const words[] = {" const", " volatile", " &&", " &",
					    " noexcept"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(end - name) > len &&
		    !memcmp(end - len, words[i], len))
			return trim(name, end - len);
	}
	return end;
}

/* Behind the last "::" or blank that is in no bracket. */
static const char *begin_of(const char *name, const char *end)
{
	const char *begin = end;

	while (begin > name && is_name_char(begin[-1]))
		begin--;
	return begin;
}

const char *cxx_bare_name(const char *name, size_t *len)
{
	const char *end = name + strlen(name), *begin, *op, *cut;

	*len = (size_t)(end - name);
	if (!strpbrk(name, ":<( ["))
		return name;
	op = find_operator(name, end);
	if (op) {
		*len = operator_len(op, end);
		return op;
	}
	/* "[clone .part.0]", "(int) const", "<long>" */
	for (end = trim(name, end); end > name && strchr(">)]", end[-1]);
	     end = trim(name, cut)) {
		cut = opening(name, end);
		if (cut == end || cut == name)
			return name;
		while (cut > name && cut[-1] == ' ')
			cut--;
	}
	begin = begin_of(name, end);
	if (begin == end)
		return name;
	*len = (size_t)(end - begin);
	return begin;
}
