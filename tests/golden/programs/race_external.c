/* An object of a library that names its own types. */
#include <stdlib.h>

#include "turns.h"

void *__tsan_external_register_tag(const char *type);
void __tsan_external_assign_tag(void *object, void *tag);
void __tsan_external_read(void *object, void *caller, void *tag);
void __tsan_external_write(void *object, void *caller, void *tag);

static void *tag;

static void __attribute__((noinline)) put(void *list)
{
	__tsan_external_write(list, __builtin_return_address(0), tag);
}

static void __attribute__((noinline)) get(void *list)
{
	__tsan_external_read(list, __builtin_return_address(0), tag);
}

static void *other(void *list)
{
	turn_wait(1);
	get(list);
	return NULL;
}

int main(void)
{
	void *list = malloc(16);
	pthread_t thread;

	tag = __tsan_external_register_tag("list of words");
	__tsan_external_assign_tag(list, tag);
	pthread_create(&thread, NULL, other, list);
	put(list);
	turn_done();
	pthread_join(thread, NULL);
}
