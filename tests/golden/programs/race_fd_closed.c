/* Two threads close one descriptor. */
#include <fcntl.h>
#include <unistd.h>

#include "turns.h"

static int fd;

static void *use(void *arg)
{
	close(fd);
	turn_done();
	return arg;
}

static void *late(void *arg)
{
	turn_wait(1);
	close(fd);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	fd = open("/dev/null", O_WRONLY);
	pthread_create(&a, NULL, use, NULL);
	pthread_create(&b, NULL, late, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
}
