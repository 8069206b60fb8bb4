#include <string.h>

#include "read/tsan_text.h"

static const char *const frees[] = {
	"free",      "cfree",  "realloc",    "reallocarray",
	"munmap",    "mremap", "free_sized", "free_aligned_sized",
	"user_free",
};

/* What the runtime puts before the names of its interceptors. */
static const char *skip_interceptor(const char *name)
{
	static const char *const prefixes[] = {
		"___interceptor_", "__interceptor_", "__tsan::",
		"__libc_",         "wrap_",          "__wrap_"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return name + strlen(prefixes[i]);
	return name;
}

static bool is_free_name(const char *name)
{
	name = skip_interceptor(name);
	if (!strncmp(name, "operator delete", strlen("operator delete")) ||
	    !strncmp(name, "_ZdlPv", 6) || !strncmp(name, "_ZdaPv", 6))
		return true;
	for (size_t i = 0; i < sizeof(frees) / sizeof(frees[0]); i++) {
		size_t len = strlen(frees[i]);

		if (!strncmp(name, frees[i], len) &&
		    (!name[len] || name[len] == '('))
			return true;
	}
	return false;
}

void report_mark_frees(struct report *report)
{
	for (size_t i = 0; i < report->access_count; i++) {
		struct access *access = &report->accesses[i];
		const struct stack *stack = &access->stack;
		const char *name =
			stack->count ? stack->frames[0].function : NULL;

		access->is_free = access->op == OP_WRITE &&
				  !access->is_atomic && name &&
				  is_free_name(name);
	}
}
