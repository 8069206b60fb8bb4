#include "judge/classify.h"

#include <string.h>

#include "judge/rule.h"

enum { CANDIDATES_MAX = 5 };

/* All rules; of several for one cause the surest counts. */
static const struct {
	const char *cause;
	rule *score;
} rules[] = {
	{"mutex-misuse", rule_mutex_kind},
	{"mutex-misuse", rule_mutex_as_data},
	{"mutex-misuse", rule_self_deadlock},
	{"thread-leak", rule_thread_leak},
	{"lock-order", rule_lock_order},
	{"deadlock", rule_deadlock},
	{"environment", rule_environment},
	{"signal-handler", rule_signal_kind},
	{"signal-handler", rule_signal_frame},
	{"fd-lifetime", rule_fd_lifetime},
	{"fd-lifetime", rule_fd_variable},
	{"unsafe-libc", rule_unsafe_libc},
	{"unsafe-libc", rule_time_zone},
	{"escaped-stack", rule_escaped_stack},
	{"missing-join", rule_missing_join},
	{"missing-join", rule_exit},
	{"sleep-as-sync", rule_sleep},
	{"sleep-as-sync", rule_sleep_before},
	{"refcount", rule_refcount},
	{"refcount", rule_refcount_elsewhere},
	{"use-after-free", rule_use_after_free},
	{"use-after-free", rule_vptr},
	{"use-after-free", rule_crash_of_memory},
	{"container-resize", rule_container_resize},
	{"container-resize", rule_std_container},
	{"iterator-invalidated", rule_iterator},
	{"double-checked-init", rule_double_checked},
	{"double-checked-init", rule_double_checked_lines},
	{"lazy-init", rule_lazy_init},
	{"lazy-init", rule_made_by_call},
	{"check-then-act", rule_check_then_act},
	{"check-then-act", rule_read_then_write},
	{"torn-access", rule_torn_sizes},
	{"torn-access", rule_torn_bit_field},
	{"torn-access", rule_torn_copy},
	{"torn-access", rule_torn_pieces},
	{"torn-access", rule_torn_buffer},
	{"atomic-plain-mix", rule_atomic_plain_mix},
	{"write-under-read-lock", rule_write_under_read_lock},
	{"inconsistent-lock", rule_inconsistent_lock},
	{"missing-lock", rule_missing_lock},
	{"unsafe-publication", rule_publication_by_flag},
	{"unsafe-publication", rule_publication_flag},
	{"unsafe-publication", rule_publication_of_block},
	{"unsafe-publication", rule_publication_of_pointer},
	{"mutable-config", rule_mutable_config},
	{"mutable-config", rule_mutable_whole},
	{"stop-flag", rule_stop_flag},
	{"stop-flag", rule_hang_on_flag},
	{"lost-update", rule_lost_update},
	{"lost-update", rule_same_value_taken},
	{"lost-update", rule_same_place},
	{"atomicity-violation", rule_wrong_outcome},
	{"order-violation", rule_wrong_order},
	{"order-violation", rule_lost_wakeup},
	{"unseen-sync", rule_unseen_sync},
	{"unseen-sync", rule_unseen_library},
	{"unseen-sync", rule_unseen_hand_over},
};

enum { RULE_COUNT = sizeof(rules) / sizeof(rules[0]) };

struct list {
	struct candidate items[RULE_COUNT + 1];
	size_t count;
};

static void keep(struct list *list, struct arena *arena, const char *cause,
		 double confidence, const struct evidence *evidence)
{
	struct candidate *candidate = NULL;
	const char **sentences;

	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].cause, cause))
			candidate = &list->items[i];
	if (candidate && candidate->confidence >= confidence)
		return;
	if (!candidate)
		candidate = &list->items[list->count++];
	sentences = arena_alloc(arena, (EVIDENCE_MAX + 1) * sizeof(*sentences));
	memcpy(sentences, evidence->sentences,
	       evidence->count * sizeof(*sentences));
	*candidate = (struct candidate){.cause = cause,
					.confidence =
						confidence > 1 ? 1 : confidence,
					.evidence = sentences,
					.evidence_count = evidence->count};
}

/* The surest first; equal ones in the order of the table. */
static void sort(struct list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		struct candidate candidate = list->items[i];
		size_t at = i;

		while (at > 0 &&
		       list->items[at - 1].confidence < candidate.confidence) {
			list->items[at] = list->items[at - 1];
			at--;
		}
		list->items[at] = candidate;
	}
}

/* What is left when nothing more telling fits. */
static void keep_unknown(struct list *list, struct scene *scene)
{
	struct evidence evidence = {.scene = scene};
	const struct report *report = scene->report;

	if (scene->side_count == 2 && !scene_has_lock(&scene->sides[0]) &&
	    !scene_has_lock(&scene->sides[1]))
		say(&evidence, "Nothing orders the two accesses, and neither "
			       "side holds a lock.");
	if (report->is_incomplete)
		say(&evidence, "The report is incomplete: %s.",
		    report->missing ? report->missing : "a part is missing");
	else if (scene->side_count && !scene_has_source(scene))
		say(&evidence, "The source of the accesses could not be "
			       "read.");
	else if (list->count)
		say(&evidence, "It may be something that no pattern covers.");
	else
		say(&evidence, "No known pattern fits what was seen.");
	keep(list, scene->arena, "unknown", 0.2, &evidence);
}

/* What every reader wants first: who did what to what. */
static void add_facts(struct scene *scene, struct candidate *candidate)
{
	static const char *const harms[] = {"deadlocked", "hung", "crashed"};
	const struct witness *witness = scene->witness;
	const bool seen[] = {witness->saw_deadlock, witness->saw_hang,
			     witness->saw_crash};
	struct evidence evidence = {.scene = scene};

	evidence.count = candidate->evidence_count;
	memcpy(evidence.sentences, candidate->evidence,
	       candidate->evidence_count * sizeof(*candidate->evidence));
	if (scene->location && scene->location->type == LOCATION_GLOBAL &&
	    scene->location->name)
		say(&evidence, "The data is the global %s.",
		    scene->location->name);
	for (size_t i = 0; i < 3 && scene->side_count; i++)
		if (seen[i])
			say(&evidence, "In this campaign the program also %s.",
			    harms[i]);
	candidate->evidence =
		arena_alloc(scene->arena,
			    (EVIDENCE_MAX + 1) * sizeof(*candidate->evidence));
	memcpy(candidate->evidence, evidence.sentences,
	       evidence.count * sizeof(*evidence.sentences));
	candidate->evidence_count = evidence.count;
}

/* Out of the scratch memory, into the caller's. */
static void hand_over(struct arena *arena, const struct list *list,
		      struct candidate **out, size_t *count)
{
	*count = list->count;
	*out = arena_alloc(arena, list->count * sizeof(**out));
	for (size_t i = 0; i < list->count; i++) {
		struct candidate *to = &(*out)[i];
		size_t n = list->items[i].evidence_count;

		*to = list->items[i];
		to->evidence = arena_alloc(arena, n * sizeof(*to->evidence));
		for (size_t j = 0; j < n; j++)
			to->evidence[j] =
				arena_dup(arena, list->items[i].evidence[j]);
	}
}

void classify(const struct report *report, struct source_tree *sources,
	      const struct witness *witness, struct arena *arena,
	      struct candidate **out, size_t *count)
{
	/* Tokens of whole files are not to stay in a campaign's result. */
	struct arena scratch = {0};
	struct scene *scene = arena_alloc(&scratch, sizeof(*scene));
	struct list *list = arena_alloc(&scratch, sizeof(*list));

	scene_init(scene, report, sources, witness, &scratch);
	for (size_t i = 0; i < RULE_COUNT; i++) {
		struct evidence evidence = {.scene = scene};
		double confidence = rules[i].score(scene, &evidence);

		if (confidence > 0)
			keep(list, &scratch, rules[i].cause, confidence,
			     &evidence);
	}
	keep_unknown(list, scene);
	sort(list);
	if (list->count > CANDIDATES_MAX)
		list->count = CANDIDATES_MAX;
	add_facts(scene, &list->items[0]);
	hand_over(arena, list, out, count);
	arena_release(&scratch);
}
