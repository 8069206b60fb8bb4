// The C++ library makes threads in its own code, and is no less beneath.
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

int main()
{
	std::mutex mutex;
	std::condition_variable done;
	std::vector<std::thread> threads;
	int count = 0;

	for (int i = 0; i < 4; i++)
		threads.emplace_back([&] {
			for (int n = 0; n < 50; n++) {
				std::lock_guard<std::mutex> lock(mutex);
				count++;
			}
			done.notify_one();
		});
	{
		std::unique_lock<std::mutex> lock(mutex);
		done.wait(lock, [&] { return count == 200; });
	}
	for (auto &thread : threads)
		thread.join();
	std::puts("all is well");
}
