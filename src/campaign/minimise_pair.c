/*
 * Which two events decide.  Some steps of a turn are moved before all that came
 * since the thread's last one.  There is a step with which it no longer shows,
 * and without which it does; and among the events that this step was moved
 * over, one that it must not come before.  These two can stand side by side,
 * and their order alone makes the difference.
 */
#include "campaign/minimise_part.h"

/* A turn, and the turns before it that its steps are moved over. */
struct move {
	size_t turn, from; /* those from `from` to before `turn` */
	uint64_t before;   /* steps of all turns before `from` */
	uint32_t over;     /* steps of those moved over */
};

/* `whole` steps of the turn before all others, one more after `after` of
 * them, then the rest. */
static bool shows(struct search *s, const struct move *m, uint32_t whole,
		  bool has_one, uint32_t after, bool *is_possible)
{
	const struct schedule_turn *turn = &s->best.list[m->turn];
	uint32_t moved = whole + has_one, left = after;
	uint64_t left_at = 0;
	bool is_shown, is_placed = !has_one;

	candidate_begin(s, true);
	candidate_copy(s, 0, m->from);
	if (whole)
		candidate_add(s, turn->thread, whole);
	for (size_t i = m->from; i < m->turn; i++) {
		const struct schedule_turn *t = &s->best.list[i];
		uint32_t first =
			is_placed || t->steps <= left ? t->steps : left;

		if (first)
			candidate_add(s, t->thread, first);
		if (first < t->steps) {
			candidate_add(s, turn->thread, 1);
			candidate_add(s, t->thread, t->steps - first);
			is_placed = true;
		}
		left -= is_placed ? left : first;
	}
	if (!is_placed)
		candidate_add(s, turn->thread, 1);
	if (turn->steps > moved)
		candidate_add(s, turn->thread, turn->steps - moved);
	candidate_copy(s, m->turn + 1, s->best.count);
	is_shown = candidate_shows(s, &left_at);
	*is_possible = !left_at || left_at > m->before + moved + after;
	return is_shown;
}

/* The number of steps with which it does not show, and with one less does. */
static uint32_t deciding_step(struct search *s, const struct move *m)
{
	uint32_t low = 0, high = s->best.list[m->turn].steps;
	bool is_possible;

	if (shows(s, m, high, false, 0, &is_possible))
		return 0;
	while (high - low > 1 && !search_is_over(s)) {
		uint32_t middle = low + (high - low) / 2;

		if (shows(s, m, middle, false, 0, &is_possible))
			low = middle;
		else
			high = middle;
	}
	if (shows(s, m, high, false, 0, &is_possible) || !is_possible)
		return 0;
	return high;
}

/* After how many of the others it shows, and after one less does not; where
 * the step is impossible after one less, that of the others which makes it so.
 */
static uint32_t deciding_other(struct search *s, const struct move *m,
			       uint32_t step)
{
	uint32_t low = 0, high = m->over;
	bool is_possible = true;

	while (high - low > 1 && !search_is_over(s)) {
		uint32_t middle = low + (high - low) / 2;

		if (shows(s, m, step - 1, true, middle, &is_possible))
			high = middle;
		else
			low = middle;
	}
	while (low && !search_is_over(s)) {
		shows(s, m, step - 1, true, low, &is_possible);
		if (is_possible)
			break;
		low--;
	}
	return low + 1;
}

/* False: there is nothing to move it over. */
static bool make_move(const struct search *s, size_t turn, struct move *m)
{
	const struct schedule_turn *list = s->best.list;

	*m = (struct move){.turn = turn, .from = turn};
	while (m->from && list[m->from - 1].thread != list[turn].thread)
		m->from--;
	for (size_t i = m->from; i < turn; i++)
		m->over += list[i].steps;
	for (size_t i = 0; i < m->from; i++)
		m->before += list[i].steps;
	return m->over;
}

static bool find_in_turn(struct search *s, size_t turn, uint64_t *first,
			 uint64_t *second)
{
	struct move m;
	uint32_t step;

	if (!s->best.list[turn].thread || !make_move(s, turn, &m))
		return false;
	step = deciding_step(s, &m);
	if (!step)
		return false;
	*first = m.before + deciding_other(s, &m, step);
	*second = m.before + m.over + step;
	return true;
}

/* There may be several such pairs: the one that stands closest together says
 * most. */
void find_pair(struct search *s, uint64_t *first, uint64_t *second)
{
	enum { TURNS = 16 };
	size_t least = s->best.count > TURNS ? s->best.count - TURNS : 1;

	*first = *second = 0;
	s->is_cut = false; /* it is worth some more */
	for (size_t turn = s->best.count;
	     turn-- > least && !search_is_over(s);) {
		uint64_t a, b;

		if (!find_in_turn(s, turn, &a, &b) ||
		    (*first && b - a >= *second - *first))
			continue;
		*first = a;
		*second = b;
	}
}
