/*
 * rule.h - one rule, one cause: does this scene look like it?
 *
 * A rule gives a confidence from 0 (does not fit) to 1 and says what it has
 * seen.  Several rules may fire; several may stand for one cause.  The table
 * is in classify.c.  How confident: 0.9 and more where the report or the code
 * leaves no other reading, 0.7 and more where the shape is typical, below 0.5
 * where it merely fits.
 */
#ifndef SNAG_JUDGE_RULE_H
#define SNAG_JUDGE_RULE_H

#include "judge/scene.h"

typedef double rule(struct scene *scene, struct evidence *evidence);

/* rule_kind.c: the kind says it */
rule rule_mutex_kind, rule_thread_leak, rule_lock_order, rule_signal_kind,
	rule_environment;
/* rule_outcome.c: what the harness saw */
rule rule_deadlock, rule_self_deadlock, rule_lost_wakeup, rule_hang_on_flag,
	rule_crash_of_memory, rule_wrong_outcome, rule_wrong_order;
/* rule_lock.c: who holds which locks */
rule rule_missing_lock, rule_inconsistent_lock, rule_write_under_read_lock,
	rule_mutex_as_data;
/* rule_word.c: the accessed word itself */
rule rule_atomic_plain_mix, rule_torn_sizes, rule_torn_bit_field,
	rule_torn_copy, rule_torn_pieces, rule_torn_buffer, rule_lost_update,
	rule_same_value_taken;
/* rule_flag.c: a variable that says whether to go on */
rule rule_stop_flag;
/* rule_memory.c: whose memory it is */
rule rule_use_after_free, rule_vptr, rule_unseen_sync, rule_unseen_library,
	rule_unseen_hand_over;
/* rule_stack.c: a thread's own memory in another's hands */
rule rule_escaped_stack;
/* rule_refcount.c: who is the last to let go */
rule rule_refcount, rule_refcount_elsewhere;
/* rule_container.c: a collection changes its shape */
rule rule_container_resize, rule_iterator;
/* rule_std.c: ... of the C++ library */
rule rule_std_container;
/* rule_order.c: what should come first */
rule rule_missing_join, rule_sleep, rule_sleep_before, rule_exit;
/* rule_publish.c: reachable before it is built */
rule rule_publication_by_flag, rule_publication_flag, rule_publication_of_block,
	rule_publication_of_pointer;
/* rule_trace.c: what stacks say where no source can be read */
rule rule_same_place, rule_read_then_write, rule_made_by_call;
/* rule_config.c: members that must agree */
rule rule_mutable_config, rule_mutable_whole;
/* rule_init.c: who makes it */
rule rule_double_checked, rule_double_checked_lines, rule_lazy_init,
	rule_check_then_act;
/* rule_libc.c: the library's own rules */
rule rule_unsafe_libc, rule_time_zone, rule_fd_lifetime, rule_fd_variable,
	rule_signal_frame;

#endif
