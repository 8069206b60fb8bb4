/* Each side holds mutexes, but no common one. */
#include "turns.h"

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t two = PTHREAD_MUTEX_INITIALIZER, three;
struct pair {
	short low, high;
};

struct pair shared;

static void *side(void *arg)
{
	turn_wait(1);
	pthread_mutex_lock(&one);
	shared.low = 1;
	pthread_mutex_unlock(&one);
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_mutex_init(&three, NULL);
	pthread_create(&thread, NULL, side, NULL);
	pthread_setname_np(thread, "it's a (side)");
	pthread_mutex_lock(&two);
	pthread_mutex_lock(&three);
	shared.low = 2;
	pthread_mutex_unlock(&three);
	pthread_mutex_unlock(&two);
	turn_done();
	pthread_join(thread, NULL);
}
