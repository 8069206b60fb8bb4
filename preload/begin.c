/*
 * Whether there is to be noise, decided before main.
 */
#include <dlfcn.h>
#include <stddef.h>

#include "noise.h"
#include "raw.h"

typedef void malloc_hook(const volatile void *block, size_t bytes);
typedef void free_hook(const volatile void *block);
typedef int install_fn(malloc_hook *after_malloc, free_hook *before_free);

static char *value_of(char **environment, const char *name)
{
	for (; *environment; environment++) {
		const char *n = name;
		char *e = *environment;

		while (*n && *n == *e) {
			n++;
			e++;
		}
		if (!*n && *e == '=')
			return e + 1;
	}
	return NULL;
}

/* NULL is 0. */
static bool parse_number(const char *text, uint64_t *number)
{
	*number = 0;
	if (!text)
		return true;
	if (!*text)
		return false;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9' ||
		    *number > (UINT64_MAX - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	return true;
}

static void complain(const char *sentence)
{
	size_t len = 0;

	while (sentence[len])
		len++;
	raw_call(SYS_write, 2, (long)sentence, (long)len, 0);
}

/*
 * Does ThreadSanitizer stand above us, as in a program of clang or with its
 * library preloaded before this one?  Otherwise it would take our frames for
 * the program's; and a program without it, such as a shell that starts the
 * right one, is left alone.
 */
static bool is_beneath_tsan(void)
{
	bool is_beneath = dlsym(RTLD_DEFAULT, "__tsan_init") &&
			  !dlsym(RTLD_NEXT, "__tsan_init");

	dlerror(); /* what was not found is not the program's business */
	return is_beneath;
}

static bool begins(const char *text, const char *prefix)
{
	while (*prefix && *text == *prefix) {
		text++;
		prefix++;
	}
	return !*prefix;
}

/*
 * The program's children inherit LD_PRELOAD.  ThreadSanitizer's library, which
 * stands first there for gcc's programs, crashes those that are not built with
 * it, a shell for one: they get what comes after it.
 */
static void spare_children(char *preload)
{
	const char *name = preload, *rest = preload;

	while (*rest && *rest != ':' && *rest != ' ')
		if (*rest++ == '/')
			name = rest;
	if (!*rest++ ||
	    !(begins(name, "libtsan.so") || begins(name, "libclang_rt.tsan")))
		return;
	while ((*preload++ = *rest++))
		;
}

static void after_malloc(const volatile void *block, size_t bytes)
{
	(void)block;
	(void)bytes;
	noise_point(SORT_HEAP, "malloc");
}

static void before_free(const volatile void *block)
{
	(void)block;
	noise_point(SORT_HEAP, "free");
}

/* ThreadSanitizer's malloc() calls no real one beneath it. */
static void hook_heap(void)
{
	install_fn *install = (install_fn *)dlsym(
		RTLD_DEFAULT, "__sanitizer_install_malloc_and_free_hooks");

	if (install)
		install(after_malloc, before_free);
	else
		dlerror();
}

/* The C library passes these to constructors. */
__attribute__((constructor)) static void begin(int argc, char **argv,
					       char **environment)
{
	const char *level = value_of(environment, "SNAG_NOISE");
	const char *trace = value_of(environment, "SNAG_NOISE_TRACE");
	char *preload = value_of(environment, "LD_PRELOAD");
	uint64_t seed, fd;

	(void)argc;
	(void)argv;
	if (!level)
		return;
	if (preload)
		spare_children(preload);
	if (!is_beneath_tsan())
		return;
	if (!noise_choose(level)) {
		complain("snag: SNAG_NOISE is neither light nor heavy: there "
			 "is no noise\n");
		return;
	}
	if (!parse_number(value_of(environment, "SNAG_NOISE_SEED"), &seed)) {
		complain("snag: SNAG_NOISE_SEED is not a decimal number: there "
			 "is no noise\n");
		return;
	}
	if (trace && parse_number(trace, &fd) && fd <= INT32_MAX)
		trace_fd = (int)fd;
	points_resolve();
	if (noise_wants_heap())
		hook_heap();
	noise_enter(seed);
	noise_is_on = true;
}
