/* Held for writing, released as if for reading. */
#include <sanitizer/tsan_interface.h>

int main(void)
{
	static long lock;

	__tsan_mutex_create(&lock, 0);
	__tsan_mutex_pre_lock(&lock, 0);
	__tsan_mutex_post_lock(&lock, 0, 0);
	__tsan_mutex_pre_unlock(&lock, __tsan_mutex_read_lock);
	__tsan_mutex_post_unlock(&lock, __tsan_mutex_read_lock);
}
