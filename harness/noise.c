/*
 * Seeded noise: at intercepted points a thread now and then yields, spins,
 * sleeps or moves to another processor, so that orders come about which the
 * kernel alone seldom shows (ConTest: Edelstein et al., 2003).  A seed repeats
 * the noise, not the schedule.
 *
 * Points strike in the middle of the program under test, so nothing here may
 * touch errno, memory of the program, or anything that ThreadSanitizer sees:
 * plain system calls only.
 */
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

#include "explore/point_kinds.h"
#include "internal.h"

struct dose { /* of 65,536 points, so many ... */
	unsigned yield, spin, sleep, move;
	unsigned max_spin, max_sleep_ns;
};

static const struct dose doses[] = {
	[SNAG_NOISE_OFF] = {0, 0, 0, 0, 1, 1},
	[SNAG_NOISE_LIGHT] = {1024, 512, 16, 4, 200, 50 * 1000},
	[SNAG_NOISE_HEAVY] = {6000, 6000, 400, 60, 2000, 200 * 1000},
};

static const struct dose *dose = &doses[SNAG_NOISE_OFF];
static unsigned processors = 1;
static __thread uint64_t noise_random;
static __thread bool is_in_body;
static __thread uint64_t points; /* passed by this thread in this body */

#if defined(__x86_64__)
static long quiet_syscall(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__aarch64__)
static long quiet_syscall(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2)
			 : "memory");
	return x0;
}
#endif

void noise_init(enum snag_noise level)
{
	cpu_set_t set;

	dose = &doses[level];
	if (!sched_getaffinity(0, sizeof(set), &set))
		processors = (unsigned)CPU_COUNT(&set);
}

void noise_arm(bool is_counting)
{
	points_arm(is_counting || dose != &doses[SNAG_NOISE_OFF] ? POINTS_NOISE
								 : POINTS_OFF);
}

unsigned noise_processors(void)
{
	return processors;
}

void noise_enter(uint64_t seed)
{
	noise_random = seed;
	points = 0;
	is_in_body = true;
}

uint64_t noise_leave(void)
{
	is_in_body = false;
	return points;
}

static void spin(uint64_t turns)
{
	for (uint64_t i = 0; i < turns; i++)
		__asm__ volatile("" ::: "memory");
}

static void doze(uint64_t ns)
{
	struct timespec t = {0, (long)ns};

	quiet_syscall(SYS_nanosleep, (long)&t, 0, 0);
}

/* To one processor, or (half the time) free to roam again. */
static void move(uint64_t pick)
{
	unsigned long mask = ~0UL;

	if (pick & 1)
		mask = 1UL << ((pick >> 1) %
			       (processors < 64 ? processors : 64));
	quiet_syscall(SYS_sched_setaffinity, 0, sizeof(mask), (long)&mask);
}

void noise_yield(void)
{
	quiet_syscall(SYS_sched_yield, 0, 0, 0);
}

void snag_noise_point(const uint64_t *registers, uint32_t what, uint64_t pc)
{
	(void)registers;
	(void)what;
	(void)pc;
	points++;
	noise_strike();
}

void noise_strike(void)
{
	uint64_t r;
	unsigned roll;

	if (!is_in_body || dose == &doses[SNAG_NOISE_OFF])
		return;
	r = random_next(&noise_random);
	roll = (unsigned)(r & 0xffff);
	r >>= 16;
	if (roll < dose->yield)
		quiet_syscall(SYS_sched_yield, 0, 0, 0);
	else if ((roll -= dose->yield) < dose->spin)
		spin(r % dose->max_spin);
	else if ((roll -= dose->spin) < dose->sleep)
		doze(r % dose->max_sleep_ns);
	else if (roll - dose->sleep < dose->move)
		move(r);
}
