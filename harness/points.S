/*
 * Points: every instrumented access, every atomic operation and every blocking
 * call of the program under test passes here on its way to ThreadSanitizer.
 *
 * A point looks at one byte and jumps on; ThreadSanitizer is never called from
 * here, so it finds the program's own return address and stacks stay as they
 * would be without us.  Accesses and atomics come through the linker's --wrap (the
 * names in wrap.txt, the same as here); calls come by defining the libc name,
 * which also catches those made inside shared libraries.
 */
#include "explore/point_macros.inc"

#if defined(__x86_64__)

	.text

	.macro ACCESS name, what
	BEGIN	__wrap_\name
	POINT	__real_\name, \what
	END	__wrap_\name
	.endm

	.macro READ name, size
	ACCESS	\name, POINT_READ | \size << POINT_SIZE_SHIFT
	.endm

	.macro WRITE name, size
	ACCESS	\name, POINT_WRITE | \size << POINT_SIZE_SHIFT
	.endm

	.macro ATOMIC bits, size
	ACCESS	__tsan_atomic\bits\()_load, POINT_ATOMIC_LOAD | \size << POINT_SIZE_SHIFT
	ACCESS	__tsan_atomic\bits\()_store, POINT_ATOMIC_STORE | \size << POINT_SIZE_SHIFT
	.irp	deed, exchange, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_xor, fetch_nand, compare_exchange_strong, compare_exchange_weak, compare_exchange_val
	ACCESS	__tsan_atomic\bits\()_\deed, POINT_ATOMIC_UPDATE | \size << POINT_SIZE_SHIFT
	.endr
	.endm

	.irp	name, read, unaligned_read
	.irp	bytes, 2, 4, 8, 16
	READ	__tsan_\name\bytes, \bytes
	.endr
	.endr
	READ	__tsan_read1, 1
	READ	__tsan_vptr_read, 8
	.irp	name, write, unaligned_write
	.irp	bytes, 2, 4, 8, 16
	WRITE	__tsan_\name\bytes, \bytes
	.endr
	.endr
	WRITE	__tsan_write1, 1
	WRITE	__tsan_vptr_update, 8
	ACCESS	__tsan_read_range, POINT_READ | POINT_IS_RANGE
	ACCESS	__tsan_write_range, POINT_WRITE | POINT_IS_RANGE
	ACCESS	__tsan_memcpy, POINT_WRITE | POINT_IS_COPY
	ACCESS	__tsan_memmove, POINT_WRITE | POINT_IS_COPY
	ACCESS	__tsan_memset, POINT_WRITE | POINT_IS_FILL

	ATOMIC	8, 1
	ATOMIC	16, 2
	ATOMIC	32, 4
	ATOMIC	64, 8
	ATOMIC	128, 16

	CALL	pthread_mutex_lock
	CALL	pthread_mutex_trylock
	CALL	pthread_mutex_timedlock
	CALL	pthread_mutex_unlock
	CALL	pthread_cond_wait
	CALL	pthread_cond_timedwait
	CALL	pthread_cond_signal
	CALL	pthread_cond_broadcast
	CALL	pthread_rwlock_rdlock
	CALL	pthread_rwlock_wrlock
	CALL	pthread_rwlock_tryrdlock
	CALL	pthread_rwlock_trywrlock
	CALL	pthread_rwlock_unlock
	CALL	pthread_spin_lock
	CALL	pthread_spin_trylock
	CALL	pthread_spin_unlock
	CALL	pthread_barrier_wait
	CALL	pthread_once
	CALL	sem_wait
	CALL	sem_trywait
	CALL	sem_timedwait
	CALL	sem_post
	CALL	pthread_mutex_clocklock
	CALL	pthread_cond_clockwait
	CALL	pthread_rwlock_timedrdlock
	CALL	pthread_rwlock_timedwrlock
	CALL	pthread_barrier_init
	CALL	pthread_barrier_destroy
	CALL	sem_init
	CALL	sem_destroy
	CALL	sem_getvalue
	CALL	pthread_exit
	CALL	pthread_tryjoin_np

	.irp	type, mutex, cond, rwlock, spin
	RENEWED	pthread_\type\()_init
	.endr
	RENEWED	pthread_rwlock_destroy
	RENEWED	pthread_spin_destroy
	QUIET	pthread_mutex_destroy
	QUIET	pthread_cond_destroy

	NOTED	pthread_create, snag_note_create
	NOTED	pthread_join, snag_note_settled
	NOTED	pthread_detach, snag_note_settled

#endif

	.section .note.GNU-stack, "", %progbits
