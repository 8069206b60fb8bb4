// Tests that gtest_discover_tests() finds.
#include <gtest/gtest.h>
#include <thread>

static int shared;

TEST(Quiet, Adds)
{
	EXPECT_EQ(1 + 1, 2);
}

TEST(Quiet, JoinsFirst)
{
	std::thread([] { shared++; }).join();
	shared++;
	EXPECT_GE(shared, 2);
}

TEST(Loud, Fails)
{
	EXPECT_EQ(1 + 1, 3);
}
