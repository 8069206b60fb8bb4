// C++ under explore: what its library does by pthread and by itself is of each
// virtual thread.  Built by tests/cli/world.bats.
#include <atomic>
#include <cstring>
#include <mutex>
#include <pthread.h>
#include <snag/scenario.h>
#include <stdexcept>
#include <thread>

namespace
{
struct state {
	std::atomic<int> ends, made, calls;
	char wrong[48];
};

std::mutex wrong_lock;

void say(state *s, const char *wrong)
{
	std::lock_guard<std::mutex> guard(wrong_lock);
	std::strncpy(s->wrong, wrong, sizeof(s->wrong) - 1);
}

void check(snag_run *run, void *given)
{
	const state *s = static_cast<state *>(given);

	snag_outcome(run, "%s", s->wrong[0] ? s->wrong : "right");
}

struct counted {
	state *owner = nullptr;
	~counted()
	{
		if (owner)
			owner->ends++;
	}
};

thread_local counted own;
thread_local int number = 5;

void use_own(state *s, int me)
{
	own.owner = s;
	if (number != 5)
		say(s, "not as new");
	number = me;
	std::this_thread::yield();
	if (number != me)
		say(s, "not its own");
}

void thread_locals(snag_self *, void *given)
{
	state *s = static_cast<state *>(given);
	std::thread a(use_own, s, 1), b(use_own, s, 2);

	a.join();
	b.join();
	if (s->ends != 2)
		say(s, "not destroyed");
}

void call_once(snag_self *self, void *given)
{
	static std::once_flag flags[2];
	state *s = static_cast<state *>(given);
	int mine = static_cast<int>(snag_index(self)), called = -1;

	// Each hands over its own callable, whatever another does meanwhile.
	std::once_flag own_flag;
	std::call_once(own_flag, [&] { called = mine; });
	if (called != mine)
		say(s, "another's callable");
	std::call_once(flags[0], [&] { s->calls++; });
	try {
		std::once_flag failing;
		std::call_once(failing, [] { throw std::runtime_error("no"); });
		say(s, "not thrown");
	} catch (const std::runtime_error &) {
	}
}

int make(state *s)
{
	s->made++;
	std::this_thread::yield();
	return 7;
}

void statics(snag_self *, void *given)
{
	state *s = static_cast<state *>(given);
	static const int value = make(s);

	if (value != 7 || s->made > 1)
		say(s, "made twice");
}

void exceptions(snag_self *self, void *given)
{
	state *s = static_cast<state *>(given);
	int mine = static_cast<int>(snag_index(self));

	try {
		throw mine;
	} catch (int caught) {
		std::this_thread::yield();
		try {
			throw;
		} catch (int again) {
			if (caught != mine || again != mine)
				say(s, "another's exception");
		}
	}
}

struct leaving {
	state *owner;
	~leaving()
	{
		owner->ends++;
	}
};

void *leave(void *given)
{
	leaving guard{static_cast<state *>(given)};

	pthread_exit(given);
}

void unwinds(snag_self *, void *given)
{
	state *s = static_cast<state *>(given);
	pthread_t thread;
	void *result = nullptr;

	pthread_create(&thread, nullptr, leave, s);
	pthread_join(thread, &result);
	if (result != given || s->ends != 1)
		say(s, "not unwound");
}
} // namespace

#define CXX(name_, role_, threads_)                              \
	SNAG_SCENARIO(cxx, name_) = {                            \
		.summary = "C++'s library.",                     \
		.practice = SNAG_LOCKING,                        \
		.lesson = "What explore answers is as without.", \
		.expect = SNAG_CLEAN,                            \
		.state_size = sizeof(state),                     \
		.roles = {{#role_, role_, threads_}},            \
		.check = check,                                  \
		.outcomes = {{.when = "right",                   \
			      .grade = SNAG_REQUIRED,            \
			      .why = "all as promised"},         \
			     {.when = "*",                       \
			      .grade = SNAG_FORBIDDEN,           \
			      .why = "a promise was broken"}},   \
	}

CXX(thread_locals, thread_locals, 1);
CXX(call_once, call_once, 3);
CXX(statics, statics, 3);
CXX(exceptions, exceptions, 3);
CXX(unwinds, unwinds, 1);
