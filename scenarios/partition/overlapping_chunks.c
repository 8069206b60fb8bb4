/*
 * An array is divided between threads, each of which changes its own part in
 * place.  Broken: the parts include both ends, so that the pixel at each seam
 * belongs to two threads.  Right: half-open parts [begin, end), where one ends
 * exactly where the next begins.
 */
#include <snag/scenario.h>

enum { PIXELS = 256, STEP = 10 };

struct image {
	int pixels[PIXELS];
};

/* Where part number `part` begins; also where the one before it ends. */
static size_t part_begin(const struct snag_self *self, unsigned part)
{
	return (size_t)PIXELS * part / snag_threads(self);
}

static void brighten_overlapping(struct snag_self *self, void *state)
{
	struct image *image = state;
	size_t begin = part_begin(self, snag_index(self));
	size_t end = part_begin(self, snag_index(self) + 1);

	for (size_t i = begin; i <= end && i < PIXELS; i++)
		image->pixels[i] += STEP;
}

static void brighten_half_open(struct snag_self *self, void *state)
{
	struct image *image = state;
	size_t begin = part_begin(self, snag_index(self));
	size_t end = part_begin(self, snag_index(self) + 1);

	for (size_t i = begin; i < end; i++)
		image->pixels[i] += STEP;
}

static void check(struct snag_run *run, void *state)
{
	const struct image *image = state;
	const char *outcome = "exact";

	for (size_t i = 0; i < PIXELS; i++)
		if (image->pixels[i] != STEP)
			outcome = "twice";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(partition, overlapping_chunks) = {
	.summary = "parts of an array overlap by one element at each seam",
	.refs = {"CWE-193", "CWE-362"},
	.tags = "partition map off-by-one",
	.practice = SNAG_PARTITION,
	.lesson = "Each thread brightens its own part of the pixels, but its "
		  "loop runs while i <= end, and end is where the next part "
		  "begins.  The pixel at each seam therefore has two threads, "
		  "and pixels[i] += STEP is a read, an addition and a write "
		  "with nothing to order them: a data race.  Mostly the pixel "
		  "is brightened twice; when both threads read it before "
		  "either writes, one addition is lost and the picture is "
		  "right by luck, so that a test may well pass.  The repair "
		  "is to write parts as half-open ranges, i < end: then the "
		  "end of one part is the beginning of the next, every pixel "
		  "has exactly one thread, and no lock is needed.",
	.in_python =
		"Slices are half-open already: data[begin:end].  With index "
		"loops, range(begin, end + 1) makes data[i] += step run in "
		"two threads for one i, and list locks do not make += one "
		"step.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct image),
	.roles = {{"brightener", brighten_overlapping, 0}},
	.min_threads = 2,
	.check = check,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "lost-update",
		.grade = SNAG_REQUIRED,
		.between = {"brighten_overlapping", "brighten_overlapping"},
		.why = "two threads add to the pixel at the seam, unordered",
	}},
	.outcomes =
		{
			{.when = "twice",
			 .grade = SNAG_ALLOWED,
			 .why = "a pixel at a seam was brightened by both "
				"threads"},
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "each seam lost one of its two additions, by "
				"luck"},
		},
};

SNAG_SCENARIO(partition, partitioned_map) = {
	.summary = "each thread changes its own half-open part of an array",
	.repairs = "partition/overlapping_chunks",
	.tags = "partition map",
	.practice = SNAG_PARTITION,
	.lesson = "Part number p runs from PIXELS * p / threads up to, and not "
		  "including, the same expression for p + 1.  One part ends "
		  "where the next begins, so the parts cover the array without "
		  "a gap or an overlap for any number of threads.  An element "
		  "that only one thread touches needs no lock and no atomic, "
		  "even though the array as a whole is shared: in C11 every "
		  "array element is a memory location of its own.  Whoever "
		  "joins the threads afterwards sees all of their work.",
	.in_python =
		"pool.map(brighten, parts) over slices that do not overlap; "
		"storing to different indices of one list is safe as long as "
		"no thread changes its length.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct image),
	.roles = {{"brightener", brighten_half_open, 0}},
	.min_threads = 2,
	.check = check,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every pixel has one owner and is brightened "
				"once"},
			{.when = "twice",
			 .grade = SNAG_FORBIDDEN,
			 .why = "two parts would have to share a pixel"},
		},
};
