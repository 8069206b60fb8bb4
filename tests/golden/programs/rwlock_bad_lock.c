/* Locked for reading by the thread that holds it for writing. */
#include <sanitizer/tsan_interface.h>

int main(void)
{
	static long lock;

	__tsan_mutex_create(&lock, 0);
	__tsan_mutex_pre_lock(&lock, 0);
	__tsan_mutex_post_lock(&lock, 0, 0);
	__tsan_mutex_pre_lock(&lock, __tsan_mutex_read_lock);
	__tsan_mutex_post_lock(&lock, __tsan_mutex_read_lock, 0);
}
