// Two readers wait for two letters in a mailbox that holds one.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace {

constexpr int kLetters = 2;

class Mailbox {
public:
	void put(int letter)
	{
		std::unique_lock<std::mutex> hold(lock_);
		changed_.wait(hold, [this] { return !letter_; });
		letter_ = letter;
		tell();
	}

	int take()
	{
		std::unique_lock<std::mutex> hold(lock_);
		changed_.wait(hold, [this] { return letter_.has_value(); });
		int letter = *letter_;
		letter_.reset();
		tell();
		return letter;
	}

private:
	// The mistake: readers and the postman wait for the same condition, so
	// the one who is woken may be the wrong one, and all others sleep on.
	void tell()
	{
#ifdef FIXED
		changed_.notify_all();
#else
		changed_.notify_one();
#endif
	}

	std::mutex lock_;
	std::condition_variable changed_;
	std::optional<int> letter_;
};

} // namespace

int main()
{
	Mailbox mailbox;
	std::vector<std::thread> readers;

	for (int i = 0; i < kLetters; i++)
		readers.emplace_back([&mailbox] { mailbox.take(); });
	for (int i = 0; i < kLetters; i++)
		mailbox.put(i);
	for (auto &reader : readers)
		reader.join();
	std::cout << kLetters << " letters\n";
	return 0;
}
