#include "judge/own_frame.h"

#include <string.h>

#include "base/glob.h"
#include "judge/libc_names.h"

/* What own_frame_configure set. */
static struct {
	const char *const *own, *const *plumbing;
	size_t own_count, plumbing_count;
} globs;

static bool begins(const char *text, const char *prefix)
{
	return text && *text == *prefix &&
	       !strncmp(text, prefix, strlen(prefix));
}

static bool has(const char *text, const char *part)
{
	return text && strstr(text, part);
}

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

const char *own_frame_plain_name(const char *function)
{
	static const char *const prefixes[] = {
		"___interceptor_", "__interceptor_trampoline_",
		"__interceptor_",  "wrap_",
		"__wrap_",         "__real_"};

	if (!function)
		return NULL;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		const char *rest = function + strlen(prefixes[i]);

		if (begins(function, prefixes[i]) && libc_has(rest))
			return rest;
	}
	return function;
}

/* The sanitizer's sources, in whatever folder they were built. */
static bool is_runtime_file(const char *file)
{
	return has(file, "compiler-rt/lib/") || has(file, "libsanitizer/") ||
	       has(file, "sanitizer_common_interceptors");
}

/* operator new and delete, as a symbol table spells them. */
static bool is_operator_new(const char *name)
{
	return begins(name, "_Znw") || begins(name, "_Zna") ||
	       begins(name, "_Zdl") || begins(name, "_Zda");
}

static bool is_runtime_function(const char *name)
{
	return begins(name, "__tsan_") || begins(name, "__tsan::") ||
	       begins(name, "__sanitizer") || begins(name, "__sanitizer::") ||
	       begins(name, "_ZN6__tsan") || begins(name, "_ZN11__sanitizer") ||
	       begins(name, "_ZNK6__tsan") ||
	       begins(name, "_ZNK11__sanitizer") ||
	       begins(name, "_ZN14__interception") ||
	       begins(name, "__sancov") || begins(name, "AnnotateHappens") ||
	       begins(name, "AnnotateRWLock");
}

static bool is_start(const char *name)
{
	static const char *const names[] = {"start_thread",
					    "clone",
					    "clone3",
					    "__clone",
					    "__clone3",
					    "_start",
					    "__libc_start_main",
					    "__libc_start_call_main",
					    "__libc_start_main_impl",
					    "__libc_start_main@GLIBC_2.34",
					    "__tsan_thread_start_func",
					    "execute_native_thread_routine"};

	for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool is_library_module(const char *module)
{
	static const char *const names[] = {
		"libc.so",  "libc-2.",    "libpthread", "ld-linux",
		"ld-2.",    "libstdc++.", "libc++.",    "libc++abi.",
		"libtsan.", "libgcc_s.",  "libm.so",    "libm-2.",
		"librt.so", "librt-2.",   "libdl.so",   "libatomic.so",
		"ld-musl",  "libunwind."};
	const char *base = base_name(module);

	for (size_t i = 0; base && i < sizeof(names) / sizeof(*names); i++)
		if (begins(base, names[i]))
			return true;
	return false;
}

static bool is_library_file(const char *file)
{
	return has(file, "/include/c++/") || has(file, "/usr/include/") ||
	       begins(file, "bits/") || has(file, "/bits/") ||
	       has(file, "/nptl/") || has(file, "/sysdeps/") ||
	       has(file, "/libstdc++-v3/") || has(file, "/glibc-") ||
	       has(file, "csu/libc-start");
}

/* Wrappers of atomic operations in a header: pyatomic_gcc.h, atomic_base.h,
 * atomic.h.  Their names would stand for every use of an atomic. */
static bool is_atomic_wrapper(const char *file)
{
	const char *base = base_name(file);
	const char *dot = base ? strrchr(base, '.') : NULL;

	return dot && dot[1] == 'h' && has(base, "atomic");
}

/* Our noise library; or our harness: its file's folder and its functions'
 * prefixes together, so that a project with a folder of that name keeps its
 * frames. */
static bool is_harness(const struct frame *frame)
{
	static const char *const prefixes[] = {"snag_",  "pool_",     "engine_",
					       "batch_", "host_",     "__wrap_",
					       "fiber_", "intercept_"};
	const char *name = frame->function;

	if (begins(base_name(frame->module), "libsnag-noise."))
		return true;
	/* How the build names our files in debug information. */
	if (begins(frame->file, "snag-harness/") ||
	    has(frame->file, "/snag-harness/"))
		return true;
	if (begins(name, "snag_") &&
	    (has(frame->file, "harness/") || !frame->file))
		return true;
	if (!begins(frame->file, "harness/") && !has(frame->file, "/harness/"))
		return false;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (begins(name, prefixes[i]))
			return true;
	return false;
}

void own_frame_configure(const char *const *own, size_t own_count,
			 const char *const *plumbing, size_t plumbing_count)
{
	globs.own = own;
	globs.own_count = own_count;
	globs.plumbing = plumbing;
	globs.plumbing_count = plumbing_count;
}

static bool matches_any(const struct frame *frame, const char *const *list,
			size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (glob_matches(list[i], frame->function) ||
		    (frame->file && glob_matches_path(list[i], frame->file)) ||
		    (frame->module &&
		     glob_matches_path(list[i], frame->module)))
			return true;
	return false;
}

/* Of a function that is neither ThreadSanitizer's nor ours. */
static enum frame_role judge(const struct frame *frame, const char *plain)
{
	/* An interceptor, in the module of the program: a glob for that is
	 * not meant for it.  A project's own function has a source. */
	if (!frame->file && libc_has(plain))
		return FRAME_LIBRARY;
	if (matches_any(frame, globs.own, globs.own_count))
		return FRAME_OWN;
	if (matches_any(frame, globs.plumbing, globs.plumbing_count))
		return FRAME_PLUMBING;
	if (is_atomic_wrapper(frame->file))
		return FRAME_RUNTIME;
	if (is_library_module(frame->module) || is_library_file(frame->file) ||
	    begins(frame->function, "operator new") ||
	    begins(frame->function, "operator delete") ||
	    begins(frame->function, "std::"))
		return FRAME_LIBRARY;
	return FRAME_OWN;
}

enum frame_role own_frame_role(const struct frame *frame)
{
	const char *plain = own_frame_plain_name(frame->function);
	bool is_prefixed = plain != frame->function;

	if (!frame->function)
		return is_library_module(frame->module) ? FRAME_LIBRARY
							: FRAME_UNNAMED;
	if (is_start(frame->function))
		return FRAME_START;
	if (is_harness(frame))
		return FRAME_HARNESS;
	if (begins(frame->function, "__tsan_mem") && libc_has(frame->function))
		return FRAME_LIBRARY;
	if (is_operator_new(frame->function))
		return FRAME_LIBRARY;
	if (is_runtime_function(frame->function))
		return FRAME_RUNTIME;
	if (is_runtime_file(frame->file))
		return is_prefixed || libc_has(plain) ? FRAME_LIBRARY
						      : FRAME_RUNTIME;
	return is_prefixed ? FRAME_LIBRARY : judge(frame, plain);
}

size_t own_frame_index(const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (own_frame_role(&stack->frames[i]) == FRAME_OWN)
			return i;
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].function &&
		    own_frame_role(&stack->frames[i]) != FRAME_RUNTIME)
			return i;
	return 0;
}

const struct frame *own_frame_first(const struct stack *stack)
{
	return stack->count ? &stack->frames[own_frame_index(stack)] : NULL;
}

bool own_frame_exists(const struct stack *stack)
{
	const struct frame *first = own_frame_first(stack);

	return first && own_frame_role(first) == FRAME_OWN;
}

const char *own_frame_callee(const struct stack *stack)
{
	for (size_t i = own_frame_index(stack); i-- > 0;) {
		const struct frame *frame = &stack->frames[i];

		if (own_frame_role(frame) == FRAME_LIBRARY && frame->function)
			return own_frame_plain_name(frame->function);
	}
	return NULL;
}

/* Libraries that work on their caller's data, and lock nothing of their own:
 * an interceptor may call another, and std::string memcpy(). */
static bool has_no_locks(const char *module)
{
	const char *base = base_name(module);

	return begins(base, "libtsan.") || begins(base, "libstdc++.") ||
	       begins(base, "libc++") || begins(base, "libgcc_s.");
}

bool own_frame_within_library(const struct stack *stack)
{
	for (size_t i = own_frame_index(stack); i-- > 1;)
		if (is_library_module(stack->frames[i].module) &&
		    !has_no_locks(stack->frames[i].module))
			return true;
	return false;
}

void own_frame_keep_sides(struct report *report)
{
	size_t own = 0;

	for (size_t i = 0; i < report->access_count; i++)
		own += own_frame_exists(&report->accesses[i].stack);
	if (!own)
		return;
	own = 0;
	for (size_t i = 0; i < report->access_count; i++)
		if (own_frame_exists(&report->accesses[i].stack))
			report->accesses[own++] = report->accesses[i];
	report->access_count = own;
}
