/* How the text report shows findings beside a baseline. */
#include "policy_court.h"

#include <stdlib.h>

#include "reports/renderer.h"

static char *render(const struct court *c, bool is_verbose)
{
	const struct render_options options = {.is_verbose = is_verbose};
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		abort();
	render_text(&c->result, file, &options);
	fclose(file);
	return text;
}

/* Each text, in that order. */
#define SHOWS(text, ...)                                                      \
	do {                                                                  \
		const char *const parts[] = {__VA_ARGS__}, *at = text;        \
                                                                              \
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) { \
			at = strstr(at, parts[i]);                            \
			if (!at)                                              \
				fail_msg("no '%s' there in\n%s", parts[i],    \
					 text);                               \
		}                                                             \
	} while (0)

/* One that is known, one that is expired, one that is new; in that order. */
static struct court *mixed(void)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	accept(c, see(c, "known_f", "known_g", 9), NULL);
	accept(c, see(c, "old_f", "old_g", 3), "2026-11-01");
	see(c, "new_f", "new_g", 2);
	policy_judge(&c->result, &c->policy);
	judge_result(&c->result);
	return c;
}

static void new_findings_come_first_and_known_ones_are_short(void **state)
{
	struct court *c = mixed();
	char *text = render(c, false);

	(void)state;
	SHOWS(text, "1 of 3", "between new_f",
	      "standing  new: the baseline does not have it",
	      "cause     lost-update", "2 of 3", "between old_f",
	      "standing  expired: in the baseline until 2026-11-01, which is "
	      "past: it",
	      "- data race between known_f", "in the baseline: it is known",
	      "3 findings: 1 new, 1 expired, 1 known; exit 1");
	assert_null(strstr(text, "3 of 3"));
	free(text);
	release(c);
}

static void verbose_shows_known_ones_in_full_too(void **state)
{
	struct court *c = mixed();
	char *text = render(c, true);

	(void)state;
	SHOWS(text, "1 of 3", "2 of 3", "3 of 3", "between known_f",
	      "standing  known: in the baseline: it is known");
	free(text);
	release(c);
}

static void what_is_known_and_fails_is_shown_in_full(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);
	char *text;

	(void)state;
	c->policy.fail_on = FAIL_ON_ANY;
	accept(c, see(c, "known_f", "known_g", 9), NULL);
	policy_judge(&c->result, &c->policy);
	judge_result(&c->result);
	text = render(c, false);
	SHOWS(text, "1 of 1", "standing  known", "1 finding: 1 known; exit 1");
	free(text);
	release(c);
}

static void without_a_baseline_nothing_is_said_of_it(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);
	char *text;

	(void)state;
	see(c, "new_f", "new_g", 9);
	policy_judge(&c->result, &c->policy);
	judge_result(&c->result);
	text = render(c, false);
	assert_null(strstr(text, "standing"));
	SHOWS(text, "1 finding; exit 1");
	free(text);
	release(c);
}

static void the_table_names_what_is_not_known(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);
	char *text;

	(void)state;
	accept(c, see(c, "known_f", "known_g", 9), NULL);
	see_end(c, KIND_DEADLOCK, 1);
	policy_judge(&c->result, &c->policy);
	judge_result(&c->result);
	text = render(c, false);
	SHOWS(text, "@deadlock", "FAILED", "-- test_one");
	free(text);
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			new_findings_come_first_and_known_ones_are_short),
		cmocka_unit_test(verbose_shows_known_ones_in_full_too),
		cmocka_unit_test(what_is_known_and_fails_is_shown_in_full),
		cmocka_unit_test(without_a_baseline_nothing_is_said_of_it),
		cmocka_unit_test(the_table_names_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
