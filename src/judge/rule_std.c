/*
 * Containers of the C++ library, known by the names of its functions between
 * the access and the own code; how the own code looks does not matter.
 */
#include <string.h>

#include "judge/own_frame.h"
#include "judge/rule.h"

enum { NAME_MAX_BYTES = 48 };

/* A call of a container's member: "map", "operator[]". */
struct member {
	char container[NAME_MAX_BYTES], name[NAME_MAX_BYTES];
};

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static bool is_container(const char *name)
{
	static const char *const names[] = {"vector",
					    "deque",
					    "list",
					    "forward_list",
					    "map",
					    "multimap",
					    "set",
					    "multiset",
					    "unordered_map",
					    "unordered_multimap",
					    "unordered_set",
					    "unordered_multiset",
					    "basic_string",
					    "queue",
					    "priority_queue",
					    "stack",
					    NULL};

	return is_one_of(name, names);
}

static bool changes_shape(const struct member *member)
{
	static const char *const names[] = {"push_back",
					    "emplace_back",
					    "push_front",
					    "emplace_front",
					    "push",
					    "pop",
					    "pop_back",
					    "pop_front",
					    "insert",
					    "emplace",
					    "emplace_hint",
					    "try_emplace",
					    "erase",
					    "clear",
					    "resize",
					    "reserve",
					    "assign",
					    "append",
					    "swap",
					    "merge",
					    "splice",
					    "sort",
					    "remove",
					    "remove_if",
					    "unique",
					    "reverse",
					    "replace",
					    "rehash",
					    "extract",
					    "operator=",
					    "operator+=",
					    "shrink_to_fit",
					    "insert_or_assign",
					    NULL};

	if (!strcmp(member->name, "operator[]"))
		return strstr(member->container, "map") != NULL;
	return is_one_of(member->name, names);
}

/* Into out, from a name's begin to its end; where it ends. */
static const char *take_name(const char *at, char out[NAME_MAX_BYTES])
{
	size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_~");

	if (len == strlen("operator") && !strncmp(at, "operator", len))
		len += strncmp(at + len, "()", 2) ? strcspn(at + len, "(<") : 2;
	if (len >= NAME_MAX_BYTES)
		len = NAME_MAX_BYTES - 1;
	memcpy(out, at, len);
	out[len] = '\0';
	return at + len;
}

/* Past "<...>". */
static const char *skip_arguments(const char *at)
{
	int depth = 0;

	for (; *at; at++) {
		depth += *at == '<';
		depth -= *at == '>';
		if (!depth)
			return at + (*at == '>');
	}
	return at;
}

/* Inline namespaces of the library's versions: "__cxx11::", "__1::". */
static const char *skip_version(const char *at)
{
	const char *end = strstr(at, "::");

	return end && !strncmp(at, "__", 2) &&
			       !memchr(at, '<', (size_t)(end - at))
		       ? end + 2
		       : at;
}

/* "std::map<K, V>::operator[](K&)", after whatever it returns. */
static bool read_member(const char *function, struct member *member)
{
	for (const char *at = function; *at; at++) {
		if (*at == '<')
			at = skip_arguments(at);
		if (*at == '(' || !*at)
			return false;
		if (strncmp(at, "std::", 5) != 0)
			continue;
		at = take_name(skip_version(at + 5), member->container);
		if (*at != '<' || !is_container(member->container))
			return false;
		at = skip_arguments(at);
		if (strncmp(at, "::", 2) != 0)
			return false; /* it returns one */
		take_name(at + 2, member->name);
		return true;
	}
	return false;
}

/* The call of a container that the own code makes; false: none. */
static bool member_of(const struct side *side, struct member *member)
{
	const struct stack *stack = &side->access->stack;

	for (size_t i = own_frame_index(stack); i-- > 0;)
		if (stack->frames[i].function &&
		    read_member(stack->frames[i].function, member))
			return true;
	return false;
}

static void say_use(struct evidence *evidence, const struct side *side,
		    const struct member *member)
{
	if (member)
		say(evidence, "%s uses it meanwhile, by std::%s::%s.",
		    scene_side(evidence->scene, side), member->container,
		    member->name);
	else
		say(evidence, "%s uses its elements meanwhile.",
		    scene_side(evidence->scene, side));
}

double rule_std_container(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *side = &scene->sides[i];
		const struct side *other = &scene->sides[1 - i];
		struct member member, used;
		bool is_used = member_of(other, &used);

		if (!member_of(side, &member) || !changes_shape(&member))
			continue;
		say(evidence,
		    "%s calls std::%s::%s, which can change the shape of the "
		    "container.",
		    scene_side(scene, side), member.container, member.name);
		say_use(evidence, other, is_used ? &used : NULL);
		if (scene_has_lock(side) != scene_has_lock(other))
			return 0.75;
		return is_used ? 0.9 : 0.7;
	}
	return 0;
}
