/* A mutex that is not recursive is locked twice by its owner. */
#include <sanitizer/tsan_interface.h>

int main(void)
{
	static long mutex;

	__tsan_mutex_create(&mutex, 0);
	__tsan_mutex_pre_lock(&mutex, 0);
	__tsan_mutex_post_lock(&mutex, 0, 0);
	__tsan_mutex_pre_lock(&mutex, 0);
	__tsan_mutex_post_lock(&mutex, 0, 0);
}
