/*
 * Settings kept in the environment: one thread changes host and port with
 * setenv while others read them with getenv.
 *
 * Broken: getenv needs no lock, and takes none.  Right: read the environment
 * once, at the start, and share a struct that is guarded by a lock.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES = 8, READS = 8 };

struct place {
	char host[8], port[8];
};

static const struct place places[2] = {{"alpha", "1111"}, {"beta", "2222"}};

struct settings {
	pthread_mutex_t lock;
	struct place place; /* guarded by lock */
	atomic_uint mixed;
};

static void put_in_environment(const struct place *place)
{
	if (setenv("SNAG_DEMO_HOST", place->host, 1) ||
	    setenv("SNAG_DEMO_PORT", place->port, 1))
		abort();
}

static bool is_one_place(const struct place *place)
{
	return (!strcmp(place->host, places[0].host) &&
		!strcmp(place->port, places[0].port)) ||
	       (!strcmp(place->host, places[1].host) &&
		!strcmp(place->port, places[1].port));
}
