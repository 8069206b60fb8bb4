/*
 * The program's heap: malloc and its kin, by the libc name, and C++'s operators
 * through --wrap, pass here while the oracle watches (harness/oracle).
 */
#include "explore/point_macros.inc"

#if defined(__x86_64__)

	.text

	/* Of the malloc family: the handler may change the arguments, or do
	 * all of it and leave the result in the first. */
	.macro HEAP name, next, handler, what
	BEGIN	\name
	cmpb	$0, snag_heap_watched(%rip)
	jne	2f
	jmp	\next
2:
	SAVE
	movq	%rsp, %rdi
	movl	$(\what), %esi
	movq	\next@GOTPCREL(%rip), %rdx
	call	\handler
	RESTORE
	testb	%al, %al
	jne	3f
	jmp	\next
3:
	movq	%rdi, %rax
	ret
	END	\name
	.endm

	/* C++'s, if it is linked at all. */
	.macro OPERATOR name, handler, what
	.weak	__real_\name
	HEAP	__wrap_\name, __real_\name, \handler, \what
	.endm

	HEAP	malloc, __interceptor_malloc, snag_heap_alloc, HEAP_SIZE
	HEAP	calloc, __interceptor_calloc, snag_heap_alloc, HEAP_COUNT_AND_SIZE
	.irp	name, memalign, aligned_alloc
	HEAP	\name, __interceptor_\name, snag_heap_alloc, HEAP_ALIGNMENT_FIRST
	.endr
	HEAP	posix_memalign, __interceptor_posix_memalign, snag_heap_alloc, HEAP_ALIGNMENT_SECOND
	HEAP	realloc, __interceptor_realloc, snag_heap_realloc, HEAP_SIZE
	HEAP	reallocarray, __interceptor_reallocarray, snag_heap_realloc, HEAP_COUNT_AND_SIZE
	HEAP	free, __interceptor_free, snag_heap_free, HEAP_SIZE
	HEAP	malloc_usable_size, __interceptor_malloc_usable_size, snag_heap_usable, 0
	OPERATOR _Znwm, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZnwmRKSt9nothrow_t, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZnwmSt11align_val_t, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZnwmSt11align_val_tRKSt9nothrow_t, snag_heap_alloc, HEAP_SIZE
	OPERATOR _Znam, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZnamRKSt9nothrow_t, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZnamSt11align_val_t, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZnamSt11align_val_tRKSt9nothrow_t, snag_heap_alloc, HEAP_SIZE
	OPERATOR _ZdlPv, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdlPvRKSt9nothrow_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdlPvm, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdlPvSt11align_val_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdlPvSt11align_val_tRKSt9nothrow_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdlPvmSt11align_val_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdaPv, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdaPvRKSt9nothrow_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdaPvm, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdaPvSt11align_val_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdaPvSt11align_val_tRKSt9nothrow_t, snag_heap_free, HEAP_SIZE
	OPERATOR _ZdaPvmSt11align_val_t, snag_heap_free, HEAP_SIZE

#endif

	.section .note.GNU-stack, "", %progbits
