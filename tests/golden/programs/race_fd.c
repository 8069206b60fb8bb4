/* A descriptor is closed while another thread writes to it. */
#include <fcntl.h>
#include <unistd.h>

#include "turns.h"

static int fd;

static void *use(void *arg)
{
	ssize_t n = write(fd, "x", 1);

	turn_done();
	return n == 1 ? arg : NULL;
}

int main(void)
{
	pthread_t thread;

	fd = open("/dev/null", O_WRONLY);
	pthread_create(&thread, NULL, use, NULL);
	turn_wait(1);
	close(fd);
	pthread_join(thread, NULL);
}
