/*
 * Calls that are no points of noise, but that an explored schedule must decide:
 * threads and what is of a thread, time, and what waits for the world outside.
 */
#include "explore/point_macros.inc"

#if defined(__x86_64__)

	.text

	/* Threads. */
	LIBC	pthread_self
	LIBC	pthread_cancel
	LIBC	pthread_testcancel
	LIBC	pthread_setcanceltype
	QUIET	pthread_setcancelstate
	LIBC	__pthread_register_cancel
	LIBC	__pthread_unregister_cancel
	LIBC	__pthread_unwind_next
	LIBC	pthread_getattr_np
	LIBC	pthread_clockjoin_np
	QUIET	pthread_timedjoin_np
	QUIET	pthread_setname_np
	LIBC	pthread_getname_np
	LIBC	pthread_setschedparam
	LIBC	pthread_getschedparam
	LIBC	pthread_setschedprio
	LIBC	pthread_setaffinity_np
	LIBC	pthread_getaffinity_np
	LIBC	pthread_getcpuclockid
	QUIET	pthread_kill
	QUIET	raise
	QUIET	kill
	LIBC	pthread_sigqueue

	/* What is of a thread. */
	LIBC	pthread_key_create
	LIBC	pthread_key_delete
	LIBC	pthread_setspecific
	LIBC	pthread_getspecific
	LIBC	__cxa_thread_atexit
	LIBC	__cxa_get_globals
	LIBC	__cxa_get_globals_fast
	WRAPPED	__cxa_guard_acquire
	WRAPPED	__cxa_guard_release
	WRAPPED	__cxa_guard_abort

	/* Time. */
	LIBC	sched_yield
	LIBC	pthread_yield
	LIBC	clock_nanosleep
	QUIET	nanosleep
	QUIET	usleep
	QUIET	sleep
	QUIET	clock_gettime
	QUIET	gettimeofday
	QUIET	time

	/* Locks that have no noise. */
	LIBC	pthread_rwlock_clockrdlock
	LIBC	pthread_rwlock_clockwrlock
	LIBC	sem_clockwait
	LIBC	flockfile
	LIBC	ftrylockfile
	LIBC	funlockfile
	LIBC	syscall

	/* The world outside. */
	.irp	name, read, write, readv, writev, recv, recvfrom, recvmsg, send, sendto, sendmsg, accept, accept4, connect, poll, ppoll, epoll_wait, epoll_pwait, waitpid, wait, wait3, wait4, waitid, sigwait, sigwaitinfo, sigtimedwait, pause, sigsuspend
	QUIET	\name
	.endr
	LIBC	select
	LIBC	pselect

#endif

	.section .note.GNU-stack, "", %progbits
