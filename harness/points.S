/*
 * Points: every instrumented access, every atomic operation and every blocking
 * call of the program under test passes here on its way to ThreadSanitizer.
 *
 * A point looks at one byte and jumps on; it never calls, so ThreadSanitizer
 * finds the program's own return address and stacks stay as they would be
 * without us.  Accesses and atomics come through the linker's --wrap (the
 * names in wrap.txt, the same as here); calls come by defining the libc name,
 * which also catches those made inside shared libraries.
 */
#if defined(__x86_64__)

	.text

	/* Keeps all argument registers; leaves the stack aligned for a call. */
	.macro SAVED_CALL function
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	pushq	%rsi
	.cfi_adjust_cfa_offset 8
	pushq	%rdx
	.cfi_adjust_cfa_offset 8
	pushq	%rcx
	.cfi_adjust_cfa_offset 8
	pushq	%r8
	.cfi_adjust_cfa_offset 8
	pushq	%r9
	.cfi_adjust_cfa_offset 8
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	\function
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	popq	%r9
	.cfi_adjust_cfa_offset -8
	popq	%r8
	.cfi_adjust_cfa_offset -8
	popq	%rcx
	.cfi_adjust_cfa_offset -8
	popq	%rdx
	.cfi_adjust_cfa_offset -8
	popq	%rsi
	.cfi_adjust_cfa_offset -8
	popq	%rdi
	.cfi_adjust_cfa_offset -8
	.endm

	.macro POINT name, next
	.globl	\name
	.type	\name, @function
	.p2align 4
\name:
	.cfi_startproc
	cmpb	$0, snag_noise_armed(%rip)
	jne	1f
	jmp	\next
1:
	SAVED_CALL snag_noise_point
	jmp	\next
	.cfi_endproc
	.size	\name, . - \name
	.endm

	/* As POINT, and tells the harness even when there is no noise. */
	.macro NOTED name, next, note
	.globl	\name
	.type	\name, @function
	.p2align 4
\name:
	.cfi_startproc
	SAVED_CALL \note
	cmpb	$0, snag_noise_armed(%rip)
	jne	1f
	jmp	\next
1:
	SAVED_CALL snag_noise_point
	jmp	\next
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro ACCESS name
	POINT	__wrap_\name, __real_\name
	.endm

	.macro CALL name
	POINT	\name, __interceptor_\name
	.endm

	ACCESS	__tsan_read1
	ACCESS	__tsan_read2
	ACCESS	__tsan_read4
	ACCESS	__tsan_read8
	ACCESS	__tsan_read16
	ACCESS	__tsan_unaligned_read2
	ACCESS	__tsan_unaligned_read4
	ACCESS	__tsan_unaligned_read8
	ACCESS	__tsan_unaligned_read16
	ACCESS	__tsan_read_range
	ACCESS	__tsan_write1
	ACCESS	__tsan_write2
	ACCESS	__tsan_write4
	ACCESS	__tsan_write8
	ACCESS	__tsan_write16
	ACCESS	__tsan_unaligned_write2
	ACCESS	__tsan_unaligned_write4
	ACCESS	__tsan_unaligned_write8
	ACCESS	__tsan_unaligned_write16
	ACCESS	__tsan_write_range
	ACCESS	__tsan_memcpy
	ACCESS	__tsan_memmove
	ACCESS	__tsan_memset
	ACCESS	__tsan_vptr_read
	ACCESS	__tsan_vptr_update
	ACCESS	__tsan_atomic8_load
	ACCESS	__tsan_atomic8_store
	ACCESS	__tsan_atomic8_exchange
	ACCESS	__tsan_atomic8_fetch_add
	ACCESS	__tsan_atomic8_fetch_sub
	ACCESS	__tsan_atomic8_fetch_and
	ACCESS	__tsan_atomic8_fetch_or
	ACCESS	__tsan_atomic8_fetch_xor
	ACCESS	__tsan_atomic8_fetch_nand
	ACCESS	__tsan_atomic8_compare_exchange_strong
	ACCESS	__tsan_atomic8_compare_exchange_weak
	ACCESS	__tsan_atomic8_compare_exchange_val
	ACCESS	__tsan_atomic16_load
	ACCESS	__tsan_atomic16_store
	ACCESS	__tsan_atomic16_exchange
	ACCESS	__tsan_atomic16_fetch_add
	ACCESS	__tsan_atomic16_fetch_sub
	ACCESS	__tsan_atomic16_fetch_and
	ACCESS	__tsan_atomic16_fetch_or
	ACCESS	__tsan_atomic16_fetch_xor
	ACCESS	__tsan_atomic16_fetch_nand
	ACCESS	__tsan_atomic16_compare_exchange_strong
	ACCESS	__tsan_atomic16_compare_exchange_weak
	ACCESS	__tsan_atomic16_compare_exchange_val
	ACCESS	__tsan_atomic32_load
	ACCESS	__tsan_atomic32_store
	ACCESS	__tsan_atomic32_exchange
	ACCESS	__tsan_atomic32_fetch_add
	ACCESS	__tsan_atomic32_fetch_sub
	ACCESS	__tsan_atomic32_fetch_and
	ACCESS	__tsan_atomic32_fetch_or
	ACCESS	__tsan_atomic32_fetch_xor
	ACCESS	__tsan_atomic32_fetch_nand
	ACCESS	__tsan_atomic32_compare_exchange_strong
	ACCESS	__tsan_atomic32_compare_exchange_weak
	ACCESS	__tsan_atomic32_compare_exchange_val
	ACCESS	__tsan_atomic64_load
	ACCESS	__tsan_atomic64_store
	ACCESS	__tsan_atomic64_exchange
	ACCESS	__tsan_atomic64_fetch_add
	ACCESS	__tsan_atomic64_fetch_sub
	ACCESS	__tsan_atomic64_fetch_and
	ACCESS	__tsan_atomic64_fetch_or
	ACCESS	__tsan_atomic64_fetch_xor
	ACCESS	__tsan_atomic64_fetch_nand
	ACCESS	__tsan_atomic64_compare_exchange_strong
	ACCESS	__tsan_atomic64_compare_exchange_weak
	ACCESS	__tsan_atomic64_compare_exchange_val
	ACCESS	__tsan_atomic128_load
	ACCESS	__tsan_atomic128_store
	ACCESS	__tsan_atomic128_exchange
	ACCESS	__tsan_atomic128_fetch_add
	ACCESS	__tsan_atomic128_fetch_sub
	ACCESS	__tsan_atomic128_fetch_and
	ACCESS	__tsan_atomic128_fetch_or
	ACCESS	__tsan_atomic128_fetch_xor
	ACCESS	__tsan_atomic128_fetch_nand
	ACCESS	__tsan_atomic128_compare_exchange_strong
	ACCESS	__tsan_atomic128_compare_exchange_weak
	ACCESS	__tsan_atomic128_compare_exchange_val

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

	NOTED	pthread_create, __interceptor_pthread_create, snag_note_create
	NOTED	pthread_join, __interceptor_pthread_join, snag_note_settled
	NOTED	pthread_detach, __interceptor_pthread_detach, snag_note_settled

#endif

	.section .note.GNU-stack, "", %progbits
