/* A mutex is locked after it was destroyed. */
#include <pthread.h>
#include <stdlib.h>

int main(void)
{
	pthread_mutex_t *mutex = malloc(sizeof(*mutex));

	pthread_mutex_init(mutex, NULL);
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
	pthread_mutex_destroy(mutex);
	pthread_mutex_lock(mutex);
}
