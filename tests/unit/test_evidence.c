#include "evidence_case.h"

#include "gather/evidence.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct gathered {
	struct result result;
	struct evidence *evidence;
	struct arena arena;
};

static void begin(struct gathered *g)
{
	*g = (struct gathered){0};
	g->evidence = evidence_new(&g->result);
}

/* One file of one subject. */
static void take(struct gathered *g, const struct folder *folder,
		 const char *name, const struct record *record)
{
	struct err err = {0};

	assert_true(evidence_file(
		g->evidence, store(&g->arena, folder, name, record, 1), &err));
}

static const struct result *end(struct gathered *g)
{
	evidence_end(g->evidence, &(struct evidence_terms){0});
	return &g->result;
}

static void release(struct gathered *g)
{
	evidence_free(g->evidence);
	result_release(&g->result);
	arena_release(&g->arena);
}

static void attempts_of_a_test_are_one_subject(void **state)
{
	const struct record raced = {.id = "t",
				     .command = "./t x",
				     .iterations = 1,
				     .hits = 1,
				     .first = 1,
				     .outcome = "exit 66",
				     .races = {"get", "put"}};
	const struct record quiet = {
		.id = "t", .command = "./t x", .iterations = 1, .outcome = ""};
	const struct result *r;
	const struct run *run;
	struct gathered g;

	begin(&g);
	take(&g, *state, "1", &quiet);
	take(&g, *state, "2", &raced);
	take(&g, *state, "3", &quiet);
	r = end(&g);
	assert_int_equal(r->subject_count, 1);
	assert_int_equal(r->subjects[0].verdict, VERDICT_NONE);
	assert_int_equal(r->subjects[0].source_count, 3);
	assert_int_equal(r->subjects[0].sources[2].attempt, 3);
	assert_int_equal(r->subjects[0].run_count, 1);
	run = &r->subjects[0].runs[0];
	assert_int_equal(run->iterations, 3);
	assert_int_equal(run->outcome_count, 2);
	assert_int_equal(run->outcomes[0].count, 2);
	assert_int_equal(run->outcomes[1].first, 2);
	assert_int_equal(run->finding_count, 1);
	assert_int_equal(run->findings[0].hits, 1);
	assert_int_equal(run->findings[0].first, 2);
	/* Wilson's interval of 1 of 3. */
	assert_true(run->findings[0].low > 0.061 &&
		    run->findings[0].low < 0.062);
	assert_true(run->findings[0].high > 0.792 &&
		    run->findings[0].high < 0.793);
	assert_ptr_equal(run->findings[0].fingerprint,
			 r->findings[0].fingerprint);
	release(&g);
}

static void other_commands_and_variables_are_other_tests(void **state)
{
	const struct record records[] = {
		{.id = "t", .command = "t a", .iterations = 1},
		{.id = "t", .command = "t b", .iterations = 1},
		{.id = "t",
		 .command = "t b",
		 .variable = "X=1",
		 .iterations = 1},
		{.id = "t",
		 .command = "t b",
		 .variable = "X=2",
		 .iterations = 1},
	};
	const struct result *r;
	struct gathered g;

	begin(&g);
	for (size_t i = 0; i < COUNT(records); i++)
		take(&g, *state, "r", &records[i]);
	r = end(&g);
	assert_int_equal(r->subject_count, 4);
	assert_string_equal(r->subjects[0].id, "t a");
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(r->subjects[i].id,
						r->subjects[j].id);
	release(&g);
}

static void runs_with_other_threads_stay_apart(void **state)
{
	const struct record two = {.id = "s/x",
				   .type = SUBJECT_SCENARIO,
				   .verdict = VERDICT_AS_EXPECTED,
				   .iterations = 10,
				   .threads = 2};
	struct record eight = two;
	const struct result *r;
	struct gathered g;

	eight.threads = 8;
	begin(&g);
	take(&g, *state, "1", &two);
	take(&g, *state, "2", &eight);
	take(&g, *state, "3", &eight);
	r = end(&g);
	assert_int_equal(r->subject_count, 1);
	assert_int_equal(r->subjects[0].run_count, 2);
	assert_int_equal(r->subjects[0].runs[0].iterations, 10);
	assert_int_equal(r->subjects[0].runs[1].iterations, 20);
	assert_int_equal(r->subjects[0].verdict, VERDICT_NONE);
	evidence_judge(g.evidence);
	assert_int_equal(r->subjects[0].verdict, VERDICT_AS_EXPECTED);
	release(&g);
}

static void a_scenario_that_was_seen_once_stays_as_it_was_judged(void **state)
{
	const struct record one = {.id = "s/x",
				   .type = SUBJECT_SCENARIO,
				   .verdict = VERDICT_MISSED,
				   .why = "its own words",
				   .iterations = 10};
	const struct result *r;
	struct gathered g;

	begin(&g);
	take(&g, *state, "1", &one);
	r = end(&g);
	evidence_judge(g.evidence);
	assert_int_equal(r->subjects[0].verdict, VERDICT_MISSED);
	assert_string_equal(r->subjects[0].why, "its own words");
	release(&g);
}

static void an_error_of_a_shard_stays_and_of_an_attempt_is_told(void **state)
{
	const struct record failed = {.id = "p",
				      .type = SUBJECT_PROGRAM,
				      .command = "p",
				      .verdict = VERDICT_ERROR,
				      .why = "no run of it ended"};
	const struct record ran = {.id = "p",
				   .type = SUBJECT_PROGRAM,
				   .command = "p",
				   .verdict = VERDICT_CLEAN,
				   .iterations = 3};
	struct record failed_test = failed, ran_test = ran;
	const struct result *r;
	struct gathered g;

	failed_test.type = ran_test.type = SUBJECT_TEST;
	begin(&g);
	take(&g, *state, "1", &ran);
	take(&g, *state, "2", &failed);
	take(&g, *state, "3", &failed_test);
	take(&g, *state, "4", &ran_test);
	r = end(&g);
	assert_int_equal(r->subject_count, 2);
	assert_int_equal(r->subjects[0].verdict, VERDICT_ERROR);
	assert_string_equal(r->subjects[0].why, "no run of it ended");
	assert_int_equal(r->subjects[1].verdict, VERDICT_NONE);
	assert_string_equal(r->subjects[1].notes[0],
			    "one of 2 attempts: no run of it ended");
	release(&g);
}

/* Whatever order they come in. */
static void a_report_with_a_lost_side_finds_its_race(void **state)
{
	const struct record part = {.id = "a",
				    .command = "a",
				    .iterations = 1,
				    .hits = 1,
				    .first = 1,
				    .races = {"get", NULL}};
	const struct record whole = {.id = "b",
				     .command = "b",
				     .iterations = 1,
				     .hits = 1,
				     .first = 1,
				     .races = {"get", "put"}};
	const struct result *r;
	struct gathered g;

	begin(&g);
	take(&g, *state, "1", &part);
	take(&g, *state, "2", &whole);
	r = end(&g);
	assert_int_equal(r->finding_count, 1);
	assert_int_equal(r->findings[0].count, 2);
	assert_string_equal(r->findings[0].subject, "b");
	assert_string_equal(r->subjects[0].runs[0].findings[0].fingerprint,
			    r->findings[0].fingerprint);
	release(&g);
}

static void logs_of_one_name_are_not_one_log(void **state)
{
	const struct record log = {.id = "build.log",
				   .type = SUBJECT_LOG,
				   .verdict = VERDICT_CLEAN,
				   .why = "it says so"};
	const struct result *r;
	struct gathered g;

	begin(&g);
	take(&g, *state, "1", &log);
	take(&g, *state, "2", &log);
	r = end(&g);
	assert_int_equal(r->subject_count, 2);
	assert_int_equal(r->subjects[0].verdict, VERDICT_CLEAN);
	assert_string_not_equal(r->subjects[0].id, r->subjects[1].id);
	release(&g);
}

static void counts_that_lie_do_no_harm(void **state)
{
	const struct record liar = {.id = "t",
				    .command = "t",
				    .iterations = (uint64_t)1 << 53,
				    .hits = 5,
				    .outcome = "",
				    .races = {"get", "put"}};
	const struct record more = {.id = "t",
				    .command = "t",
				    .iterations = 1,
				    .hits = 7,
				    .races = {"get", "put"}};
	const struct result *r;
	struct gathered g;

	begin(&g);
	take(&g, *state, "1", &more);
	r = &g.result;
	for (int i = 0; i < 20; i++)
		take(&g, *state, "2", &liar);
	end(&g);
	assert_int_equal(r->subjects[0].runs[0].iterations, (uint64_t)1 << 53);
	release(&g);
	begin(&g);
	take(&g, *state, "1", &more);
	r = end(&g);
	assert_int_equal(r->subjects[0].runs[0].findings[0].hits, 1);
	release(&g);
}

static void a_run_that_names_no_finding_is_not_clean(void **state)
{
	static const char text[] =
		"{\"format\":\"snag-result\",\"version\":1,\"exit\":1,"
		"\"verdict\":\"new\",\"subjects\":[{\"id\":\"t\",\"type\":"
		"\"test\",\"verdict\":\"none\",\"runs\":[{\"engine\":"
		"\"stress\",\"iterations\":1,\"findings\":[{\"fingerprint\":"
		"\"0123456789abcdef0123456789abcdef\",\"hits\":1}]}]}]}";
	const struct folder *folder = *state;
	const struct result *r;
	struct err err = {0};
	struct gathered g;
	char path[128];

	write_text(folder, "x.json", text, strlen(text));
	snprintf(path, sizeof(path), "%s/x.json", folder->path);
	begin(&g);
	assert_true(evidence_file(g.evidence, path, &err));
	r = end(&g);
	assert_int_equal(r->subjects[0].runs[0].dropped, 1);
	assert_int_equal(r->subjects[0].runs[0].finding_count, 0);
	release(&g);
}

/* Every cut of a whole file, and single bytes changed. */
static void damaged_files_of_a_folder_do_no_harm(void **state)
{
	const struct record record = {.id = "t",
				      .command = "t x",
				      .iterations = 2,
				      .hits = 1,
				      .first = 1,
				      .outcome = "",
				      .races = {"get", "put"}};
	const struct folder *folder = *state;
	struct arena arena = {0};
	const char *path = store(&arena, folder, "a.json", &record, 1);
	char text[8192];
	FILE *file = fopen(path, "r");
	size_t len = fread(text, 1, sizeof(text), file);
	struct err err = {0};
	unsigned seed = 1;

	fclose(file);
	assert_true(len > 500 && len < sizeof(text));
	for (size_t i = 0; i < 300; i++) {
		size_t at = (seed = seed * 1103515245 + 12345) % len;
		char before = text[at];
		struct gathered g;

		text[at] = (char)(seed >> 16);
		write_text(folder, "b.json", text, i % 2 ? len : at);
		text[at] = before;
		begin(&g);
		assert_true(evidence_folder(g.evidence, folder->path, &err));
		end(&g);
		assert_true(g.result.subject_count >= 1);
		assert_true(g.result.finding_count >= 1);
		release(&g);
	}
	arena_release(&arena);
}

#define IN_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(attempts_of_a_test_are_one_subject),
		IN_FOLDER(other_commands_and_variables_are_other_tests),
		IN_FOLDER(runs_with_other_threads_stay_apart),
		IN_FOLDER(a_scenario_that_was_seen_once_stays_as_it_was_judged),
		IN_FOLDER(an_error_of_a_shard_stays_and_of_an_attempt_is_told),
		IN_FOLDER(a_report_with_a_lost_side_finds_its_race),
		IN_FOLDER(logs_of_one_name_are_not_one_log),
		IN_FOLDER(counts_that_lie_do_no_harm),
		IN_FOLDER(a_run_that_names_no_finding_is_not_clean),
		IN_FOLDER(damaged_files_of_a_folder_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
