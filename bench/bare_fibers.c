/*
 * The limits for explore: the program of increments.h with nothing around it,
 * in one ThreadSanitizer process.
 *
 *   fibers  one schedule after another on two of ThreadSanitizer's fibers, with
 *           a switch to the other one at every access, and the edges that keep
 *           schedules apart: no strategy, nothing written down, no memory made
 *           anew, fibers never replaced
 *   forks   a process for each schedule, made by the plain system call, in
 *           which two such fibers are made and run
 *
 * Compiled without instrumentation; increments.c is, and its accesses come
 * here by the linker's --wrap.  Prints "N schedules" and "S seconds" of
 * processor time.
 *
 * usage: bare_fibers fibers|forks SECONDS
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "increments.h"
#include "spent.h"

enum {
	CLOCK_EVERY = 1024, /* schedules; a process for each: always */
	STACK_BYTES = 64 * 1024,
	SAVED_REGISTERS = 6,
};

void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_acquire(void *address);
void __tsan_release(void *address);
void __real___tsan_write4(void *address);
void __wrap___tsan_write4(void *address);

/* Six registers; increments_body() and what is here use no others that a call
 * must keep. */
void bare_switch(void **save_sp, void *sp);
void bare_first_frame(void);

#if !defined(__x86_64__)
#error "bare_fibers: x86-64 only"
#endif
__asm__(".text\n"
	"bare_switch:\n\t"
	"pushq %rbp\n\tpushq %rbx\n\tpushq %r12\n\t"
	"pushq %r13\n\tpushq %r14\n\tpushq %r15\n\t"
	"movq %rsp, (%rdi)\n\t"
	"movq %rsi, %rsp\n\t"
	"popq %r15\n\tpopq %r14\n\tpopq %r13\n\t"
	"popq %r12\n\tpopq %rbx\n\tpopq %rbp\n\t"
	"ret\n"
	"bare_first_frame:\n\t"
	"call *%rbx\n\t"
	"ud2\n");

static struct thread {
	void *sp, *fiber;
	char *stack;
	bool is_alive;
	char end; /* its address carries "it has ended" */
} threads[COUNTERS], main_thread;
static unsigned now; /* index of the thread that runs */
static struct increments state;
static char begin_edge;

static void switch_from(struct thread *from, struct thread *to)
{
	__tsan_switch_to_fiber(to->fiber, 1);
	bare_switch(&from->sp, to->sp);
}

static void pass_on(void)
{
	struct thread *self = &threads[now];

	if (!threads[!now].is_alive)
		return;
	now = !now;
	switch_from(self, &threads[now]);
}

void __wrap___tsan_write4(void *address)
{
	pass_on();
	__real___tsan_write4(address);
}

static void thread_main(void)
{
	struct thread *self = &threads[now];

	__tsan_acquire(&begin_edge);
	increments_body(&state.counters[now]);
	__tsan_release(&self->end);
	self->is_alive = false;
	if (!threads[!now].is_alive)
		switch_from(self, &main_thread);
	now = !now;
	switch_from(self, &threads[now]);
	abort();
}

static void make_threads(void)
{
	main_thread.fiber = __tsan_get_current_fiber();
	for (int i = 0; i < COUNTERS; i++) {
		threads[i].stack =
			mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (threads[i].stack == MAP_FAILED)
			exit(3);
		threads[i].fiber = __tsan_create_fiber(0);
	}
}

static void prepare(struct thread *t)
{
	uintptr_t *sp = (uintptr_t *)(void *)(t->stack + STACK_BYTES) - 2;

	*--sp = (uintptr_t)bare_first_frame;
	sp -= SAVED_REGISTERS;
	sp[4] = (uintptr_t)thread_main; /* rbx */
	t->sp = sp;
	t->is_alive = true;
}

static void run_schedule(void)
{
	state = (struct increments){0};
	for (int i = 0; i < COUNTERS; i++)
		prepare(&threads[i]);
	now = 0;
	__tsan_release(&begin_edge);
	switch_from(&main_thread, &threads[0]);
	for (int i = 0; i < COUNTERS; i++)
		__tsan_acquire(&threads[i].end);
}

static void fork_schedule(void)
{
	int status;
	long pid = syscall(SYS_fork);

	if (pid < 0)
		exit(3);
	if (!pid) {
		make_threads();
		run_schedule();
		syscall(SYS_exit_group, 0);
	}
	if (waitpid((pid_t)pid, &status, 0) != pid || status)
		exit(3);
}

int main(int argc, char **argv)
{
	bool is_fork = argc == 3 && !strcmp(argv[1], "forks");
	double begin = spent_seconds(), seconds, took;
	uint64_t schedules = 0;

	if (argc != 3 || (!is_fork && strcmp(argv[1], "fibers") != 0)) {
		fprintf(stderr, "usage: %s fibers|forks SECONDS\n", argv[0]);
		return 2;
	}
	seconds = atof(argv[2]);
	if (!is_fork)
		make_threads();
	do {
		for (int i = 0; !is_fork && i < CLOCK_EVERY; i++)
			run_schedule();
		if (is_fork)
			fork_schedule();
		schedules += is_fork ? 1 : CLOCK_EVERY;
		took = spent_seconds() - begin;
	} while (took < seconds);
	printf("%llu schedules\n%.3f seconds\n", (unsigned long long)schedules,
	       took);
	return 0;
}
