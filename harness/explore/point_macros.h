/*
 * point_macros.h - for the assembler: how a name of libc's or of
 * ThreadSanitizer's is defined here and jumps on.  x86-64.
 */
#ifndef SNAG_EXPLORE_POINT_MACROS_H
#define SNAG_EXPLORE_POINT_MACROS_H

#include "explore/point_kinds.h"

/* Keeps all argument registers, in order on the stack, where the
 * function gets their address. */
.macro SAVE pushq % rbp.cfi_adjust_cfa_offset 8 .cfi_rel_offset rbp,
	0 movq % rsp, % rbp.cfi_def_cfa_register rbp pushq % r9 pushq %
			      r8 pushq % rcx pushq % rdx pushq % rsi pushq %
			      rdi.endm

				      .macro RESTORE popq %
			      rdi popq % rsi popq % rdx popq % rcx popq %
			      r8 popq % r9 popq % rbp.cfi_def_cfa rsp,
	8 .endm

		.macro BEGIN name.globl	\name.type	\name,
	@function.p2align 4
\name :.cfi_startproc
		.endm

		.macro END name.cfi_endproc.size	\name,
	.- \name.endm

			/* (registers, what, the program's address) */
			.macro POINT next,
	what cmpb $POINTS_OFF,
	snag_points_armed(% rip) jne 1f jmp	\next 1 : SAVE movq % rsp,
	% rdi movl $(\what), % esi movq 8(% rbp),
	% rdx call *snag_point_handler(% rip) RESTORE jmp	\next
			.endm

			/* Goes on at 2 unless an explored schedule's own thread
			 * is here: a thread that came about without us is real,
			 * and passes. */
			.macro IF_EXPLORED cmpb $POINTS_EXPLORE,
	snag_points_armed(% rip) jne 2f cmpb $0, % fs
	: snag_thread_is_virtual @tpoff je
	  2f .endm

		  /* A call: ours in an explored schedule, else
		     ThreadSanitizer's. */
		  .macro CALL name BEGIN	\name IF_EXPLORED jmp virtual_\name 2
	: POINT __interceptor_\name,
	0 END	\name.endm

			/* ThreadSanitizer's in any case; the virtual object is
			   as new. */
			.macro RENEWED name BEGIN	\name IF_EXPLORED SAVE movq
		% rsp,
	% rdi call snag_forget_object RESTORE 2
	: jmp __interceptor_\name END	\name
		  .endm

		  /* As CALL, and tells the harness even when there is no noise.
		   */
		  .macro NOTED name,
	note BEGIN	\name IF_EXPLORED jmp virtual_\name 2
	: SAVE call	\note RESTORE POINT __interceptor_\name,
	  0 END	\name
		  .endm

		  /* As CALL, without noise: under stress it is no point. */
		  .macro QUIET name BEGIN	\name IF_EXPLORED jmp virtual_\name 2
	: jmp __interceptor_\name END	\name
		  .endm

		  /* The same for what ThreadSanitizer defines itself. */
		  .macro WRAPPED name BEGIN __wrap_\name
	  IF_EXPLORED jmp virtual_\name 2 : jmp __real_\name END __wrap_\name
		  .endm

		  /* What ThreadSanitizer does not intercept is libc's, looked
		   * up when it is first called. */
		  .macro LIBC name.section.rodata 3
	:.asciz "\name".data.p2align
	 3 .globl snag_real_\name.hidden snag_real_\name snag_real_\name
	:.quad 4f .text BEGIN	\name IF_EXPLORED jmp virtual_\name 2
	: jmp *snag_real_\name(% rip) 4 : SAVE leaq 3b(% rip),
	  % rdi leaq snag_real_\name(% rip),
	  % rsi call snag_resolve RESTORE jmp *snag_real_\name(
		    % rip) END	\name.endm

#endif
