/* One name for a C++ function, whoever spells it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/cxx_name.h"

static void bare(const char *name, const char *expected)
{
	size_t len;
	const char *at = cxx_bare_name(name, &len);

	assert_in_range((uintptr_t)at, (uintptr_t)name,
			(uintptr_t)name + strlen(name));
	assert_true(len <= strlen(at));
	if (len != strlen(expected) || memcmp(at, expected, len) != 0)
		fail_msg("'%s' gives '%.*s', not '%s'", name, (int)len, at,
			 expected);
}

static void names_of_c_stay(void **state)
{
	(void)state;
	bare("main", "main");
	bare("bump_unlocked", "bump_unlocked");
	bare("f.part.0", "f.part.0");
	bare("", "");
	bare("operator", "operator");
}

static void qualifiers_and_arguments_go(void **state)
{
	(void)state;
	bare("app::Counter::add(long)", "add");
	bare("app::Counter::add(long) const", "add");
	bare("void app::Counter::add<long>(long)", "add");
	bare("add<long>", "add");
	bare("std::vector<int, std::allocator<int> >::push_back(int&&)",
	     "push_back");
	bare("(anonymous namespace)::f(int)", "f");
	bare("ns::(anonymous namespace)::g", "g");
	bare("Queue::~Queue()", "~Queue");
	bare("f(void (*)(int))", "f");
	bare("f(int) [clone .part.0]", "f");
	bare("std::pair<int, char> h<std::pair<int, char> >(int)", "h");
	bare("unsigned int* k()", "k");
}

static void operators_keep_their_signs(void **state)
{
	(void)state;
	bare("main::$_0::operator()() const", "operator()");
	bare("main::{lambda()#1}::operator()() const", "operator()");
	bare("operator()", "operator()");
	bare("T::operator[](int)", "operator[]");
	bare("T::operator<(T const&) const", "operator<");
	bare("std::ostream& operator<< <X>(std::ostream&, X)", "operator<<");
	bare("T::operator->() const", "operator->");
	bare("T::operator bool() const", "operator bool");
	bare("operator new(unsigned long)", "operator new");
	bare("my_operator(int)", "my_operator");
}

static void odd_names_are_left_alone(void **state)
{
	(void)state;
	bare("((((", "((((");
	bare("))))", "))))");
	bare("<>", "<>");
	bare("a b ", "a b ");
	bare("()", "()");
	bare("::", "::");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_c_stay),
		cmocka_unit_test(qualifiers_and_arguments_go),
		cmocka_unit_test(operators_keep_their_signs),
		cmocka_unit_test(odd_names_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
