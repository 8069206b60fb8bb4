#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "strategy/members.h"

const struct strategy *const strategies[] = {
	&strategy_portfolio, &strategy_uniform, &strategy_pct,
	&strategy_pos,       &strategy_surw,    &strategy_rff,
	&strategy_dfs,       &strategy_target,  NULL,
};

static bool is_always_shared;

void strategy_share(void)
{
	is_always_shared = true;
}

/* Past ThreadSanitizer, which would follow each mapping. */
void *strategy_map(size_t bytes, bool is_shared)
{
	int flags = MAP_ANONYMOUS | MAP_NORESERVE;
	long at;

	flags |= is_shared || is_always_shared ? MAP_SHARED : MAP_PRIVATE;
	at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, flags, -1,
		     0);
	return at == -1 ? NULL : (void *)at;
}

bool strategy_read_number(const char *text, unsigned least, unsigned most,
			  unsigned *number)
{
	uint64_t value = 0;

	if (!text)
		return true;
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9' || value > most)
			return false;
		value = value * 10 + (uint64_t)(*p - '0');
	}
	if (!*text || value < least || value > most)
		return false;
	*number = (unsigned)value;
	return true;
}

static const struct strategy *find(const char *name, size_t length)
{
	for (size_t i = 0; strategies[i]; i++)
		if (strlen(strategies[i]->name) == length &&
		    !memcmp(strategies[i]->name, name, length))
			return strategies[i];
	return NULL;
}

static const struct strategy *named(const char *text, const char **colon)
{
	*colon = strchr(text, ':');
	return find(text, *colon ? (size_t)(*colon - text) : strlen(text));
}

bool strategy_is_lasting(const char *text)
{
	const char *colon;
	const struct strategy *s = named(text, &colon);

	return s && s->is_lasting;
}

const struct strategy *strategy_in(const char *text, void *state, size_t room,
				   bool is_new)
{
	const char *colon;
	const struct strategy *s = named(text, &colon);

	if (!s || (colon && !s->argument) || s->state_bytes > room ||
	    (is_new && s->init && !s->init(state, colon ? colon + 1 : NULL)))
		return NULL;
	return s;
}

const struct strategy *strategy_new(const char *text, void **state)
{
	const char *colon;
	const struct strategy *s = named(text, &colon);

	if (!s || (colon && !s->argument))
		return NULL;
	*state = strategy_map(s->state_bytes, s->is_lasting);
	if (!*state)
		return NULL;
	if (s->init && !s->init(*state, colon ? colon + 1 : NULL)) {
		syscall(SYS_munmap, *state, s->state_bytes);
		return NULL;
	}
	return s;
}
