/* Two threads of one place and one of another are never joined. */
#include <unistd.h>

#include "turns.h"

static void *end(void *arg)
{
	return arg;
}

int main(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, end, NULL);
	pthread_create(&thread, NULL, end, NULL);
	pthread_setname_np(thread, "left behind");
	usleep(100000);
}
