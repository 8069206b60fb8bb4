#include <string.h>

#include "judge/libc_names.h"
#include "judge/own_frame.h"
#include "judge/rule.h"

/* The function that the own code called: as the stack names it, or, when that
 * shows only the library's inside, as the source does. */
static const char *unsafe_call(const struct scene *scene,
			       const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;
	int32_t call;

	if (libc_is_not_reentrant(side->callee))
		return side->callee;
	if (!side->callee || !side->level_count || !side->levels[0].has_code)
		return NULL;
	call = code_libc_call(spot->unit, spot->at,
			      code_statement_end(spot, spot->at),
			      libc_is_not_reentrant);
	return call == C_NONE ? NULL : scene_token(scene, spot->unit, call);
}

double rule_unsafe_libc(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];
		const char *call = unsafe_call(scene, side);

		if (!call)
			continue;
		say(evidence,
		    "%s calls %s, which keeps its result or state in static "
		    "memory.",
		    scene_side(scene, side), call);
		return 0.94;
	}
	return 0;
}

static bool is_time_zone_frame(const char *name)
{
	static const char *const names[] = {
		"tzset_internal", "__tz_convert",  "__tzset_parse_tz",
		"__tzset",        "__tzfile_read", "__tzfile_compute",
		"tzset_unlocked"};

	for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* The own code called what converts to local time, and the stack does not
 * show which function it was; the source may. */
static bool converts_time(const struct side *side)
{
	const struct stack *stack = &side->access->stack;
	size_t own = own_frame_index(stack);

	if (side->level_count && side->levels[0].has_code)
		return false;
	for (size_t i = 0; i < own; i++)
		if (is_time_zone_frame(stack->frames[i].function))
			return true;
	return false;
}

double rule_time_zone(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		if (!converts_time(&scene->sides[i]))
			continue;
		say(evidence,
		    "%s calls what converts to local time and keeps the time "
		    "zone in static memory: localtime, ctime, mktime or kin.",
		    scene_side(scene, &scene->sides[i]));
		say(evidence, "localtime_r would be safe, under a lock of "
			      "libc's that ThreadSanitizer cannot see.");
		return 0.89;
	}
	return 0;
}

double rule_fd_lifetime(struct scene *scene, struct evidence *evidence)
{
	const struct location *at = scene->location;
	const struct side *closing = NULL;

	for (size_t i = 0; i < scene->side_count; i++)
		if (scene->sides[i].callee &&
		    (!strncmp(scene->sides[i].callee, "close", 5) ||
		     !strncmp(scene->sides[i].callee, "__close", 7) ||
		     !strncmp(scene->sides[i].callee, "dup", 3)))
			closing = &scene->sides[i];
	if (!at || at->type != LOCATION_FD) {
		const struct side *other =
			closing ? scene_other(scene, closing) : NULL;

		if (!other || !libc_uses_fd(other->callee))
			return 0;
	}
	if (at && at->type == LOCATION_FD)
		say(evidence,
		    "What is raced on is file descriptor %d, made in %s.",
		    at->fd, scene_where(scene, own_frame_first(&at->stack)));
	for (size_t i = 0; i < scene->side_count; i++)
		say(evidence, "%s calls %s in %s.",
		    scene_side(scene, &scene->sides[i]),
		    scene->sides[i].callee ? scene->sides[i].callee
					   : "a function on it",
		    scene->sides[i].thread);
	return 0.96;
}

static bool closes(const char *name)
{
	return !strcmp(name, "close");
}

/* The variable that holds the descriptor: one side closes it and stores -1,
 * the other passes it to read() and kin. */
double rule_fd_variable(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];
		const struct spot *spot = &writer->levels[0].spot;

		if (!writer->is_write || !scene_same_name(scene) ||
		    !c_is(spot->unit, writer->place.end, "=") ||
		    !c_is(spot->unit, writer->place.end + 1, "-") ||
		    code_libc_call(spot->unit, spot->function->open,
				   spot->function->close, closes) == C_NONE)
			continue;
		say(evidence,
		    "%s closes the descriptor and clears the "
		    "variable that holds it.",
		    scene_side(scene, writer));
		say(evidence, "%s reads the variable to use the descriptor.",
		    scene_side(scene, reader));
		return 0.95;
	}
	return 0;
}

/* signal(SIGx, f), .sa_handler = f, .sa_sigaction = f */
static bool is_installed(const struct c_unit *unit, const char *function)
{
	char name[256];

	for (int32_t at = 0; at < unit->count; at++) {
		int32_t value = C_NONE;

		if (*unit->tokens[at].text != 's') /* most */
			continue;
		if ((c_is(unit, at, "sa_handler") ||
		     c_is(unit, at, "sa_sigaction")) &&
		    c_is(unit, at + 1, "="))
			value = at + 2;
		else if (c_is(unit, at, "signal") && c_is(unit, at + 1, "(") &&
			 c_is(unit, at + 3, ","))
			value = at + 4;
		if (value != C_NONE && c_is(unit, value, "&"))
			value++;
		if (value != C_NONE &&
		    !strcmp(c_copy(unit, value, name, sizeof(name)), function))
			return true;
	}
	return false;
}

static bool is_signal_frame(const struct frame *frame)
{
	const char *name = frame->function;

	return name &&
	       (strstr(name, "CallUserSignalHandler") ||
		strstr(name, "rtl_generic_sighandler") ||
		!strcmp(name, "sighandler") || !strcmp(name, "__restore_rt") ||
		strstr(name, "__tsan::sighandler") ||
		strstr(name, "__tsan::rtl_sigaction"));
}

static bool is_handler(const struct level *level)
{
	return level->has_code && level->frame->function &&
	       is_installed(level->spot.unit, level->frame->function);
}

double rule_signal_frame(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];
		const struct stack *stack = &side->access->stack;
		bool is_in_handler = false;

		for (size_t j = 0; j < stack->count; j++)
			is_in_handler |= is_signal_frame(&stack->frames[j]);
		for (size_t j = 0; j < side->level_count; j++)
			is_in_handler =
				is_in_handler || is_handler(&side->levels[j]);
		if (!is_in_handler)
			continue;
		say(evidence,
		    "%s accesses the data inside of a signal handler, which "
		    "may come at any moment.",
		    scene_side(scene, side));
		return 0.95;
	}
	return 0;
}
