/*
 * From one stack to another: the registers that a call must keep, and the
 * control words of floating point.  swapcontext() would make two system calls
 * each time.
 *
 *   void snag_switch(void **save_sp, void *sp)
 *   void snag_first_frame(void)   begins a stack made by stack_prepare()
 */
#if defined(__x86_64__)

	.text
	.globl	snag_switch
	.type	snag_switch, @function
	.p2align 4
snag_switch:
	.cfi_startproc
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.cfi_endproc
	.size	snag_switch, . - snag_switch

	/* rbx: the function, r12: its argument.  Nothing is below. */
	.globl	snag_first_frame
	.type	snag_first_frame, @function
	.p2align 4
snag_first_frame:
	.cfi_startproc
	.cfi_undefined rip
	xorl	%ebp, %ebp
	movq	%r12, %rdi
	call	*%rbx
	ud2
	.cfi_endproc
	.size	snag_first_frame, . - snag_first_frame

#elif defined(__aarch64__)

	.text
	.globl	snag_switch
	.type	snag_switch, @function
	.p2align 4
snag_switch:
	.cfi_startproc
	sub	sp, sp, #176
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mrs	x9, fpcr
	str	x9, [sp, #160]
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	ldr	x9, [sp, #160]
	msr	fpcr, x9
	add	sp, sp, #176
	ret
	.cfi_endproc
	.size	snag_switch, . - snag_switch

	/* x19: the function, x20: its argument. */
	.globl	snag_first_frame
	.type	snag_first_frame, @function
	.p2align 4
snag_first_frame:
	.cfi_startproc
	.cfi_undefined x30
	mov	x29, xzr
	mov	x0, x20
	blr	x19
	brk	#1
	.cfi_endproc
	.size	snag_first_frame, . - snag_first_frame

#endif

	.section .note.GNU-stack, "", %progbits
